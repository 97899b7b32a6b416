namespace Microscale.Guard.AspNetCore.Tests.History;

public class DurationBinsTests
{
    [Fact]
    public void Middle_OfTheBinOfADuration_IsWithinFivePercent()
    {
        for (var duration = 0.0015; duration < 1e6; duration *= 1.013)
        {
            Assert.InRange(DurationBins.Middle(DurationBins.IndexOf(duration)) / duration, 0.95, 1.05);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void IndexOf_NoDuration_IsTheFirstBin(double duration) => Assert.Equal(0, DurationBins.IndexOf(duration));

    [Fact]
    public void Percentile_OfCounts_IsThatOfTheDurations()
    {
        var durations = Enumerable.Range(1, 1000).Select(i => (double)i).ToArray();
        var counts = durations.GroupBy(DurationBins.IndexOf).ToDictionary(g => g.Key, g => g.LongCount());

        Assert.InRange(DurationBins.Percentile(counts, 0.5)!.Value, 475, 525);
        Assert.InRange(DurationBins.Percentile(counts, 0.99)!.Value, 940, 1040);
        Assert.Null(DurationBins.Percentile(new Dictionary<int, long>(), 0.5));
    }
}
