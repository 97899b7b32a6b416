namespace Microscale.Guard.Evaluation;

/// <summary>Confidence intervals of any metric, by drawing samples of the sample.</summary>
/// <remarks>Seeded: the same sample and seed give the same interval everywhere. Uses all processors. Safe for concurrent
/// callers.</remarks>
public static class Bootstrap
{
    /// <summary>The percentile interval of a metric.</summary>
    /// <typeparam name="T">What the sample is made of: <see cref="LabelledScore"/>, <see cref="LabelledPrediction{T}"/>, or a
    /// figure.</typeparam>
    /// <param name="sample">The sample. Its elements count as independent: where several rows come of one document, the interval is
    /// too narrow.</param>
    /// <param name="metric">The metric; null where it is not defined. Called on several threads at once.</param>
    /// <param name="resamples">How many samples are drawn; at least 1.</param>
    /// <param name="level">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The metric and its interval; null when the metric is not defined for the sample. Drawn samples for which it is not
    /// defined are left out.</returns>
    /// <remarks>Efron 1979, "Bootstrap methods: another look at the jackknife"; Efron and Tibshirani 1993, "An introduction to the
    /// bootstrap", chapter 13: the quantiles (1 − level)/2 and (1 + level)/2 of the metric over the drawn samples.</remarks>
    /// <exception cref="ArgumentException">The sample is empty, or an argument is out of its range.</exception>
    public static MetricInterval? Interval<T>(
        ReadOnlySpan<T> sample, Func<ReadOnlySpan<T>, double?> metric, int resamples = 1000, double level = 0.95, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(metric);
        Check(sample.Length, resamples, level);
        if (metric(sample) is not { } value)
        {
            return null;
        }

        var all = sample.ToArray();
        var values = Resample(resamples, () => new T[all.Length], (drawn, index) =>
        {
            var random = new ResamplingRandom(seed, index);
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = all[random.Below(all.Length)];
            }

            return metric(drawn);
        });
        return values.Length == 0 ? null : new(value, Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2), level);
    }

    internal static void Check(int count, int resamples, double level)
    {
        if (count == 0)
        {
            throw new ArgumentException("The sample is empty: there is nothing to draw.", nameof(count));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level is between 0 and 1, such as 0.95.");
        }
    }

    /// <summary>The figures of all drawn samples for which there is one, in rising order.</summary>
    internal static double[] Resample<TBuffer>(int resamples, Func<TBuffer> createBuffer, Func<TBuffer, int, double?> draw)
    {
        var values = new double?[resamples];
        Parallel.For(0, resamples, createBuffer, (index, _, buffer) =>
        {
            values[index] = draw(buffer, index);
            return buffer;
        }, _ => { });
        return [.. values.OfType<double>().Order()];
    }

    /// <summary>The quantile of rising values, with straight lines between them.</summary>
    internal static double Quantile(double[] rising, double share)
    {
        var at = share * (rising.Length - 1);
        var below = (int)at;
        return below + 1 < rising.Length ? rising[below] + ((at - below) * (rising[below + 1] - rising[below])) : rising[^1];
    }
}
