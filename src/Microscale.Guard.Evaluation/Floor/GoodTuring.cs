namespace Microscale.Guard.Evaluation;

/// <summary>The probability that the next fact is one never seen before.</summary>
internal static class GoodTuring
{
    /// <summary>The estimate N₁/n (Good 1953, "The population frequencies of species and the estimation of population
    /// parameters"), with the normal interval of Esty 1983, "A normal limit law for a nonparametric estimator of the coverage of a random
    /// sample": its variance is (N₁(1 − N₁/n) + 2N₂)/n². That vanishes where no fact was seen once, and where none was seen twice; so
    /// the interval reaches at least as far as what n trials can rule out: r = −ln(1 − level)/n above, and 2r below, as the seen facts
    /// had half of the trials on average to come again.</summary>
    public static MetricInterval MissingMass(long n, long once, long twice, double level)
    {
        var share = (double)once / n;
        var width = NormalQuantile((1 + level) / 2) * Math.Sqrt((once * (1 - share)) + (2.0 * twice)) / n;
        var rare = -Math.Log(1 - level) / n;
        return new(share, Math.Max(0, share - Math.Max(width, 2 * rare)), Math.Min(1, share + Math.Max(width, rare)), level);
    }

    /// <summary>The value that a standard normal variable stays below with a probability above 0.5: by bisection of the
    /// distribution function, which is summed as a series (Abramowitz and Stegun 26.2.11).</summary>
    internal static double NormalQuantile(double probability)
    {
        var (low, high) = (0.0, 9.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = NormalBelow(middle) < probability ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static double NormalBelow(double x)
    {
        var (term, sum) = (x, x);
        for (var k = 3; term > 1e-18 * sum; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
