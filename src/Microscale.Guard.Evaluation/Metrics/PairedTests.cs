namespace Microscale.Guard.Evaluation;

/// <summary>Whether two pipelines that answered the same questions differ by more than chance.</summary>
/// <remarks>Both samples hold the same questions in the same order. Seeded: the same samples and seed give the same result
/// everywhere. p-values are two-sided. Safe for concurrent callers.</remarks>
public static class PairedTests
{
    /// <summary>The difference of a metric with its interval, by drawing questions: both pipelines keep their answer to each
    /// drawn question.</summary>
    /// <typeparam name="T">What the samples are made of.</typeparam>
    /// <param name="first">The first pipeline's answers.</param>
    /// <param name="second">The second pipeline's answers to the same questions.</param>
    /// <param name="metric">The metric; null where it is not defined. Called on several threads at once.</param>
    /// <param name="resamples">How many samples are drawn; at least 1.</param>
    /// <param name="level">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The second metric minus the first, and whether that is chance; null when the metric is not defined for a
    /// sample.</returns>
    /// <remarks>Efron and Tibshirani 1993, percentile interval; the p-value is twice the smaller share of drawn differences on either
    /// side of zero, as in Koehn 2004, "Statistical significance tests for machine translation evaluation", made two-sided.</remarks>
    /// <exception cref="ArgumentException">The samples are empty or of different length, or an argument is out of its
    /// range.</exception>
    public static PairedDifference? Difference<T>(
        ReadOnlySpan<T> first, ReadOnlySpan<T> second, Func<ReadOnlySpan<T>, double?> metric, int resamples = 1000, double level = 0.95, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(metric);
        Check(first.Length, second.Length);
        Bootstrap.Check(first.Length, resamples, level);
        if (metric(second) - metric(first) is not { } difference)
        {
            return null;
        }

        var (one, two) = (first.ToArray(), second.ToArray());
        var drawn = Bootstrap.Resample(resamples, () => (new T[one.Length], new T[one.Length]), (buffers, index) =>
        {
            var random = new ResamplingRandom(seed, index);
            for (var i = 0; i < one.Length; i++)
            {
                var question = random.Below(one.Length);
                (buffers.Item1[i], buffers.Item2[i]) = (one[question], two[question]);
            }

            return metric(buffers.Item2) - metric(buffers.Item1);
        });
        return drawn.Length == 0
            ? null
            : new(
                difference,
                Bootstrap.Quantile(drawn, (1 - level) / 2),
                Bootstrap.Quantile(drawn, (1 + level) / 2),
                level,
                Math.Min(1, 2 * Math.Min(PValue(drawn, d => d <= 0), PValue(drawn, d => d >= 0))));
    }

    /// <summary>The probability of a difference of a metric as large as the one seen, if it were chance which pipeline gave which
    /// of the two answers to a question.</summary>
    /// <typeparam name="T">What the samples are made of.</typeparam>
    /// <param name="first">The first pipeline's answers.</param>
    /// <param name="second">The second pipeline's answers to the same questions.</param>
    /// <param name="metric">The metric; null where it is not defined. Called on several threads at once.</param>
    /// <param name="permutations">How many times answers are swapped at random; at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The p-value, above 0 and at most 1; null when the metric is not defined for a sample.</returns>
    /// <remarks>Fisher 1935; by sampling, with the observed arrangement counted in, as in Noreen 1989, "Computer-intensive methods for
    /// testing hypotheses" (approximate randomization). For metrics of ranking and calibration the scores of both pipelines
    /// must be of one scale.</remarks>
    /// <exception cref="ArgumentException">The samples are empty or of different length, or an argument is out of its
    /// range.</exception>
    public static double? Permutation<T>(
        ReadOnlySpan<T> first, ReadOnlySpan<T> second, Func<ReadOnlySpan<T>, double?> metric, int permutations = 1000, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(metric);
        Check(first.Length, second.Length);
        Bootstrap.Check(first.Length, permutations, level: 0.5);
        if (metric(second) - metric(first) is not { } difference)
        {
            return null;
        }

        var (one, two) = (first.ToArray(), second.ToArray());
        var drawn = Bootstrap.Resample(permutations, () => (new T[one.Length], new T[one.Length]), (buffers, index) =>
        {
            var random = new ResamplingRandom(seed, index);
            for (var i = 0; i < one.Length; i++)
            {
                (buffers.Item1[i], buffers.Item2[i]) = random.Flip() ? (one[i], two[i]) : (two[i], one[i]);
            }

            return metric(buffers.Item2) - metric(buffers.Item1);
        });

        // Sums in another order may differ in their last bits: what is as large but for those is as large.
        return PValue(drawn, d => Math.Abs(d) >= Math.Abs(difference) - 1e-12);
    }

    /// <summary>The probability of a difference in accuracy as large as the one seen, if both pipelines were equally likely to be the
    /// right one where only one is.</summary>
    /// <param name="first">Whether the first pipeline was right, for each question.</param>
    /// <param name="second">Whether the second was, for the same questions.</param>
    /// <returns>The p-value, above 0 and at most 1.</returns>
    /// <remarks>McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages", with the
    /// exact binomial distribution in place of chi-squared.</remarks>
    /// <exception cref="ArgumentException">The samples are of different length.</exception>
    public static double McNemar(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        Check(first.Length, second.Length);
        var (onlyFirst, onlySecond) = (0, 0);
        for (var i = 0; i < first.Length; i++)
        {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }

        var (n, k) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));

        // C(n, j) / 2^n for j from 0 to k, by logarithms: 2^n is too large for thousands.
        var (sum, log) = (0.0, -n * Math.Log(2));
        for (var j = 0; j <= k; j++)
        {
            sum += Math.Exp(log);
            log += Math.Log((double)(n - j) / (j + 1));
        }

        return Math.Min(1, 2 * sum);
    }

    /// <summary>The share of drawn differences, with the one seen counted in: never 0, as no number of draws shows that.</summary>
    private static double PValue(double[] drawn, Func<double, bool> isAsLarge) => (drawn.Count(isAsLarge) + 1.0) / (drawn.Length + 1.0);

    private static void Check(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException($"The first sample has {first} answers and the second {second}: both need the same questions in the same order.", nameof(second));
        }
    }
}
