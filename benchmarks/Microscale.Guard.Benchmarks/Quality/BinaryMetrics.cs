namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>Figures of a score that should be high on positives.</summary>
internal static class BinaryMetrics
{
    /// <summary>The chance that a positive scores higher than a negative; ties count half.</summary>
    public static double Auroc(IReadOnlyList<(double Score, bool IsPositive)> rows)
    {
        double[] positives = [.. rows.Where(r => r.IsPositive).Select(r => r.Score)];
        double[] negatives = [.. rows.Where(r => !r.IsPositive).Select(r => r.Score)];
        return positives.Sum(p => negatives.Sum(n => p > n ? 1 : p == n ? 0.5 : 0)) / (positives.Length * (double)negatives.Length);
    }

    /// <summary>The mean of the shares of positives at or above a threshold, and of negatives below.</summary>
    public static double BalancedAccuracy(IReadOnlyList<(double Score, bool IsPositive)> rows, double threshold) =>
        (rows.Where(r => r.IsPositive).Average(r => r.Score >= threshold ? 1 : 0.0) + rows.Where(r => !r.IsPositive).Average(r => r.Score < threshold ? 1 : 0.0)) / 2;

    /// <summary>The threshold of the highest balanced accuracy, half way between two scores; the lowest of equals.</summary>
    public static double BestThreshold(IReadOnlyList<(double Score, bool IsPositive)> rows)
    {
        double[] scores = [.. rows.Select(r => r.Score).Distinct().Order()];
        return scores.Zip(scores.Skip(1), (a, b) => (a + b) / 2).MaxBy(t => BalancedAccuracy(rows, t));
    }

    /// <summary>The balanced accuracy on rows of odd index by the threshold fitted on those of even index, and the other way round;
    /// their mean.</summary>
    public static double CrossFitted(IReadOnlyList<(double Score, bool IsPositive)> rows)
    {
        (double, bool)[] even = [.. rows.Where((_, i) => i % 2 == 0)];
        (double, bool)[] odd = [.. rows.Where((_, i) => i % 2 == 1)];
        return (BalancedAccuracy(odd, BestThreshold(even)) + BalancedAccuracy(even, BestThreshold(odd))) / 2;
    }
}
