namespace Microscale.Guard.Evaluation;

/// <summary>The labelled answers that share a score. Their order among each other says nothing, so metrics go by groups.</summary>
/// <param name="Score">The score.</param>
/// <param name="Count">How many answers have it.</param>
/// <param name="Right">How many of them are right.</param>
internal readonly record struct ScoreGroup(double Score, int Count, int Right)
{
    public int Wrong => Count - Right;

    /// <summary>The groups, from the highest score to the lowest.</summary>
    public static List<ScoreGroup> Falling(ReadOnlySpan<LabelledScore> answers)
    {
        var groups = Rising(answers);
        groups.Reverse();
        return groups;
    }

    /// <summary>The groups, from the lowest score to the highest.</summary>
    /// <exception cref="ArgumentException">There are no answers, or a score is not from 0 to 1.</exception>
    public static List<ScoreGroup> Rising(ReadOnlySpan<LabelledScore> answers)
    {
        Check(answers);
        var scores = new double[answers.Length];
        var right = new bool[answers.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            (scores[i], right[i]) = (answers[i].Score, answers[i].IsCorrect);
        }

        Array.Sort(scores, right);
        var groups = new List<ScoreGroup>();
        for (var i = 0; i < scores.Length; i++)
        {
            var here = right[i] ? 1 : 0;
            if (groups.Count > 0 && groups[^1] is var last && last.Score == scores[i])
            {
                groups[^1] = last with { Count = last.Count + 1, Right = last.Right + here };
            }
            else
            {
                groups.Add(new(scores[i], 1, here));
            }
        }

        return groups;
    }

    /// <exception cref="ArgumentException">There are no answers, or a score is not from 0 to 1.</exception>
    public static void Check(ReadOnlySpan<LabelledScore> answers)
    {
        if (answers.IsEmpty)
        {
            throw new ArgumentException("There are no labelled answers: a metric needs at least one.", nameof(answers));
        }

        foreach (var answer in answers)
        {
            if (answer.Score is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"A score is {answer.Score}: scores are from 0 to 1. Count an answer whose score was not available as 0, as it is never delivered by score.",
                    nameof(answers));
            }
        }
    }
}
