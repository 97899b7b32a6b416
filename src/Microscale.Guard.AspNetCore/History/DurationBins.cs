namespace Microscale.Guard.AspNetCore;

/// <summary>Bins for durations, eight to each doubling, so that a percentile from counts is within 5 % of the true one.</summary>
internal static class DurationBins
{
    private const int BinsPerDoubling = 8;
    private const double Smallest = 0.001;

    /// <summary>The bin of a duration in milliseconds; what is shorter than a microsecond is in bin 0.</summary>
    public static int IndexOf(double milliseconds) =>
        milliseconds > Smallest ? 1 + (int)Math.Floor(Math.Log2(milliseconds / Smallest) * BinsPerDoubling) : 0;

    /// <summary>The middle of a bin, in milliseconds.</summary>
    public static double Middle(int bin) => bin == 0 ? Smallest / 2 : Smallest * Math.Pow(2, (bin - 0.5) / BinsPerDoubling);

    /// <summary>The duration below which a share of all counted ones lies; null when there is none.</summary>
    /// <param name="counts">Counts by bin.</param>
    /// <param name="share">The share, from 0 to 1.</param>
    public static double? Percentile(IReadOnlyDictionary<int, long> counts, double share)
    {
        var rank = (long)Math.Ceiling(counts.Values.Sum() * share);
        foreach (var (bin, count) in counts.OrderBy(c => c.Key))
        {
            rank -= count;
            if (rank <= 0)
            {
                return Middle(bin);
            }
        }

        return null;
    }
}
