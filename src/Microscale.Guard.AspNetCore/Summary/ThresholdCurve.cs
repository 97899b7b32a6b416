namespace Microscale.Guard.AspNetCore;

/// <summary>First drafts with the same hundredths of a score and the same fate.</summary>
// ScoreDecides: Whether nothing but the score decided on them.
// Answered: Whether the first draft was delivered.
internal readonly record struct ScoreGroup(
    int Bin, bool ScoreDecides, bool Answered, long Count, double SumOfScores, long Signals, long Labels, long Correct);

/// <summary>What each threshold would have done to the latest requests.</summary>
internal static class ThresholdCurve
{
    public static IReadOnlyList<ThresholdPoint> Compute(IReadOnlyCollection<ScoreGroup> groups)
    {
        ScoreGroup[] deciding = [.. groups.Where(g => g.ScoreDecides)];
        return [.. Enumerable.Range(0, 101).Select(i => At(i, deciding))];
    }

    private static ThresholdPoint At(int hundredths, ScoreGroup[] groups)
    {
        ScoreGroup[] answered = [.. groups.Where(g => g.Bin >= hundredths)];
        var count = answered.Sum(g => g.Count);
        var labels = answered.Sum(g => g.Labels);
        var (_, error) = LabelledCurves.Reliability(
            answered.Where(g => g.Labels > 0).Select(g => new LabelledBin(g.Bin, g.Labels, g.Correct, g.SumOfScores / g.Count * g.Labels)));
        return new(
            hundredths / 100.0,
            count,
            answered.Where(g => !g.Answered).Sum(g => g.Count),
            groups.Where(g => g.Answered && g.Bin < hundredths).Sum(g => g.Count),
            answered.Sum(g => g.Signals),
            labels,
            labels - answered.Sum(g => g.Correct),
            count == 0 ? null : answered.Sum(g => g.SumOfScores) / count,
            error);
    }
}
