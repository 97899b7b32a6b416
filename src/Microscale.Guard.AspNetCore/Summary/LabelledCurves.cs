namespace Microscale.Guard.AspNetCore;

/// <summary>What labelled scores show: risk against coverage, and confidence against accuracy.</summary>
internal static class LabelledCurves
{
    private const int ReliabilityBins = 10;
    private const int MaxPoints = 200;

    /// <summary>The risk–coverage curve (El-Yaniv and Wiener 2010) and the area under it. Answers of equal score go together.</summary>
    public static (IReadOnlyList<RiskPoint> Points, double? Area) RiskCoverage(IEnumerable<(double Score, bool IsCorrect)> pairs)
    {
        var ordered = pairs.OrderByDescending(p => p.Score).ToArray();
        if (ordered.Length == 0)
        {
            return ([], null);
        }

        var points = new List<RiskPoint>();
        var (wrong, area, before) = (0, 0.0, 0);
        for (var i = 0; i < ordered.Length; i++)
        {
            wrong += ordered[i].IsCorrect ? 0 : 1;
            if (i + 1 == ordered.Length || ordered[i + 1].Score < ordered[i].Score)
            {
                var (count, risk) = (i + 1, (double)wrong / (i + 1));
                area += risk * (count - before) / ordered.Length;
                points.Add(new((double)count / ordered.Length, risk, ordered[i].Score));
                before = count;
            }
        }

        return (Thin(points), area);
    }

    /// <summary>The reliability diagram, and the expected calibration error (Naeini et al. 2015), from counts by bin.</summary>
    public static (IReadOnlyList<ReliabilityPoint> Points, double? Error) Reliability(IEnumerable<LabelledBin> bins)
    {
        var points = bins
            .GroupBy(b => Math.Min(b.Bin * ReliabilityBins / 100, ReliabilityBins - 1))
            .OrderBy(g => g.Key)
            .Select(g => (From: (double)g.Key / ReliabilityBins, Count: g.Sum(b => b.Count), Scores: g.Sum(b => b.SumOfScores), Correct: g.Sum(b => b.Correct)))
            .Where(g => g.Count > 0)
            .Select(g => new ReliabilityPoint(g.From, g.Scores / g.Count, (double)g.Correct / g.Count, g.Count))
            .ToArray();
        var total = points.Sum(p => p.Count);
        return (points, total == 0 ? null : points.Sum(p => p.Count * Math.Abs(p.MeanConfidence - p.Accuracy)) / total);
    }

    private static List<RiskPoint> Thin(List<RiskPoint> points)
    {
        if (points.Count <= MaxPoints)
        {
            return points;
        }

        // The last is the whole.
        return [.. Enumerable.Range(0, MaxPoints).Select(i => points[(int)((long)i * (points.Count - 1) / (MaxPoints - 1))])];
    }
}

/// <summary>Labelled answers whose score has the same hundredths.</summary>
internal readonly record struct LabelledBin(int Bin, long Count, long Correct, double SumOfScores);
