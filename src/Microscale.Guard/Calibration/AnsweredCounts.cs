namespace Microscale.Guard;

/// <summary>What a threshold would have let through of the labelled answers.</summary>
/// <param name="Threshold">The lowest score that is answered.</param>
/// <param name="Answered">How many answers reach it.</param>
/// <param name="Wrong">How many of them are wrong.</param>
internal readonly record struct AnsweredCounts(double Threshold, int Answered, int Wrong)
{
    /// <summary>One element for each different score, from the highest threshold to the lowest.</summary>
    public static List<AnsweredCounts> Of(IEnumerable<LabelledScore> pairs)
    {
        var (counts, answered, wrong) = (new List<AnsweredCounts>(), 0, 0);
        foreach (var pair in pairs.OrderByDescending(p => p.Score))
        {
            answered++;
            wrong += pair.IsCorrect ? 0 : 1;
            var here = new AnsweredCounts(pair.Score, answered, wrong);
            if (counts.Count > 0 && counts[^1].Threshold == pair.Score)
            {
                counts[^1] = here;
            }
            else
            {
                counts.Add(here);
            }
        }

        return counts;
    }
}
