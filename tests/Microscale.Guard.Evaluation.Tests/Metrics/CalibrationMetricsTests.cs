using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class CalibrationMetricsTests
{
    private static readonly LabelledScore[] Five = LabelledAnswers.Of("0.1- 0.2+ 0.5- 0.9+ 1+");

    [Fact]
    public void ReliabilityDiagram_EqualWidth_ByHand()
    {
        // 0.5 is on an edge and belongs to the higher bin, as 1 does to the last.
        var diagram = CalibrationMetrics.ReliabilityDiagram(Five, Binning.EqualWidth, 2);
        Assert.Equal((0, 0.5, 2, 0.5), (diagram[0].Low, diagram[0].High, diagram[0].Count, diagram[0].Accuracy));
        Assert.Equal((0.5, 1, 3, 2 / 3.0), (diagram[1].Low, diagram[1].High, diagram[1].Count, diagram[1].Accuracy));
        Assert.Equal(0.15, diagram[0].MeanScore, 1e-12);
        Assert.Equal(0.8, diagram[1].MeanScore, 1e-12);
    }

    [Fact]
    public void Errors_EqualWidth_ByHand()
    {
        var (first, second) = (0.5 - 0.15, 0.8 - (2 / 3.0));
        Assert.Equal(((2 * first) + (3 * second)) / 5, CalibrationMetrics.Ece(Five, Binning.EqualWidth, 2), 1e-12);
        Assert.Equal(first, CalibrationMetrics.Mce(Five, Binning.EqualWidth, 2), 1e-12);
    }

    [Fact]
    public void Errors_EqualMass_ByHand()
    {
        // Ranks 0, 1, 2 of five are in the first half, 3 and 4 in the second.
        var (first, second) = (Math.Abs((0.8 / 3) - (1 / 3.0)), Math.Abs(0.95 - 1));
        Assert.Equal(((3 * first) + (2 * second)) / 5, CalibrationMetrics.Ece(Five, Binning.EqualMass, 2), 1e-12);
        Assert.Equal(first, CalibrationMetrics.Mce(Five, Binning.EqualMass, 2), 1e-12);
    }

    [Fact]
    public void ReliabilityDiagram_AnySample_HoldsEveryAnswerOnce() =>
        Gen.Select(Gen.OneOf(LabelledAnswers.WithTies, LabelledAnswers.Any), Gen.Enum<Binning>(), Gen.Int[1, 20]).Sample((answers, binning, bins) =>
        {
            var diagram = CalibrationMetrics.ReliabilityDiagram(answers, binning, bins);
            Assert.InRange(diagram.Count, 1, bins);
            Assert.Equal(answers.Length, diagram.Sum(b => b.Count));
            Assert.Equal(answers.Count(a => a.IsCorrect), diagram.Sum(b => b.Count * b.Accuracy), 1e-9);
            Assert.Equal(answers.Sum(a => a.Score), diagram.Sum(b => b.Count * b.MeanScore), 1e-9);
            Assert.All(diagram, b => Assert.InRange(b.MeanScore, b.Low - 1e-12, b.High + 1e-12));
            Assert.All(diagram.Zip(diagram.Skip(1)), p => Assert.True(p.First.High <= p.Second.Low));
        });

    [Fact]
    public void ReliabilityDiagram_EqualMassWithoutTies_IsEven() => Gen.Select(Gen.Int[1, 100], Gen.Int[1, 20]).Sample((n, bins) =>
    {
        var answers = Enumerable.Range(0, n).Select(i => new LabelledScore(i / 100.0, true)).ToArray();
        var counts = CalibrationMetrics.ReliabilityDiagram(answers, Binning.EqualMass, bins).Select(b => b.Count).ToList();
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    });

    [Fact]
    public void Brier_ByHand() =>
        Assert.Equal((0.01 + 0.64 + 0.25 + 0.01 + 0) / 5, CalibrationMetrics.Brier(Five), 1e-12);

    [Fact]
    public void DecomposeBrier_ByHand()
    {
        var parts = CalibrationMetrics.DecomposeBrier(Five, Binning.EqualWidth, 2);
        Assert.Equal(((2 * Math.Pow(0.35, 2)) + (3 * Math.Pow(0.8 - (2 / 3.0), 2))) / 5, parts.Reliability, 1e-12);
        Assert.Equal(((2 * Math.Pow(0.5 - 0.6, 2)) + (3 * Math.Pow((2 / 3.0) - 0.6, 2))) / 5, parts.Resolution, 1e-12);
        Assert.Equal(0.24, parts.Uncertainty, 1e-12);
    }

    [Fact]
    public void DecomposeBrier_AnySample_SumsToTheScore() => Gen.Select(LabelledAnswers.Exact, Gen.Enum<Binning>(), Gen.Int[1, 20]).Sample((answers, binning, bins) =>
    {
        var parts = CalibrationMetrics.DecomposeBrier(answers, binning, bins);
        Assert.Equal(CalibrationMetrics.Brier(answers), parts.Score, 1e-12);

        // The within-bin variance less twice the within-bin covariance, computed apart (Stephenson et al. 2008, equations 11 and 12).
        var within = answers
            .GroupBy(a => CalibrationMetrics.ReliabilityDiagram(answers, binning, bins).Index().Last(b => b.Item.Low <= a.Score || b.Index == 0).Index)
            .Sum(g => g.Sum(a => Math.Pow(a.Score - g.Average(x => x.Score), 2)
                - (2 * (a.Score - g.Average(x => x.Score)) * ((a.IsCorrect ? 1 : 0) - g.Average(x => x.IsCorrect ? 1.0 : 0))))) / answers.Length;
        Assert.Equal(within, parts.WithinBins, 1e-9);
    }, iter: 50);

    [Fact]
    public void DecomposeBrier_OneScoreABin_LeavesNothingWithin() => LabelledAnswers.WithTies.Sample(answers =>
        Assert.Equal(0, CalibrationMetrics.DecomposeBrier(answers, Binning.EqualWidth, 5).WithinBins, 1e-12));

    [Fact]
    public void LogLoss_ByHand()
    {
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.2) + Math.Log(0.5)) / 3, CalibrationMetrics.LogLoss(LabelledAnswers.Of("0.1- 0.2+ 0.5-")), 1e-12);
        Assert.Equal(34.5, CalibrationMetrics.LogLoss([new(1, false)]), 0.1);
    }
}
