namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class BootstrapTests
{
    [Fact]
    public void Interval_Mean_IsThatOfTheNormalApproximation()
    {
        // 400 answers, 300 right: the standard error is √(0.75 · 0.25 / 400) = 0.02165.
        var answers = Enumerable.Range(0, 400).Select(i => new LabelledScore(0.5, i % 4 != 0)).ToArray();
        var interval = Bootstrap.Interval(answers, a => ClassificationMetrics.Accuracy(a), resamples: 4000)!.Value;
        Assert.Equal((0.75, 0.95), (interval.Value, interval.Level));
        Assert.Equal(0.75 - (1.96 * 0.02165), interval.Low, 0.004);
        Assert.Equal(0.75 + (1.96 * 0.02165), interval.High, 0.004);
        Assert.Equal($"0.750 [{interval.Low:0.000}, {interval.High:0.000}]", interval.ToString());
    }

    [Fact]
    public void Interval_FromManySamples_HoldsTheTruthAsOftenAsItSays()
    {
        // Seeded, so that the count is the same in every run. Of 300 intervals at 90 %, about 270 hold 0.7.
        var held = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var random = new ResamplingRandom(seed: 1, stream: trial);
            var sample = new double[100];
            foreach (ref var value in sample.AsSpan())
            {
                value = random.Below(10) < 7 ? 1 : 0;
            }

            var interval = Bootstrap.Interval<double>(sample, Mean, resamples: 200, level: 0.9, seed: trial)!.Value;
            held += interval.Low <= 0.7 && 0.7 <= interval.High ? 1 : 0;
        }

        Assert.InRange(held, 255, 288);
    }

    [Fact]
    public void Interval_SameSeed_IsTheSame()
    {
        double[] sample = [1, 2, 3, 4, 5, 60];
        Assert.Equal(Bootstrap.Interval<double>(sample, Mean, seed: 7), Bootstrap.Interval<double>(sample, Mean, seed: 7));
        Assert.NotEqual(Bootstrap.Interval<double>(sample, Mean, seed: 7), Bootstrap.Interval<double>(sample, Mean, seed: 8));
    }

    [Fact]
    public void Interval_UndefinedMetric_LeavesTheDrawOut()
    {
        // Of two answers, one right, half the draws hold only one kind: AUROC is not defined for them, and 1 for the rest.
        Assert.Equal(new(1, 1, 1, 0.95), Bootstrap.Interval<LabelledScore>([new(0.9, true), new(0.1, false)], RankingMetrics.Auroc));
        Assert.Null(Bootstrap.Interval<LabelledScore>([new(0.9, true)], RankingMetrics.Auroc));
    }

    [Fact]
    public void Interval_WrongArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.Interval<double>([], Mean));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Interval<double>([1], Mean, resamples: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Interval<double>([1], Mean, level: 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    public void Quantile_BetweenValues_IsOnTheLine(double share, double expected) =>
        Assert.Equal(expected, Bootstrap.Quantile([1, 2, 3, 4], share), 1e-12);

    private static double? Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
