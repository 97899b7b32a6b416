using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class RankingMetricsTests
{
    [Fact]
    public void Auroc_ByHand()
    {
        // Of 2 · 3 pairs of a right and a wrong answer: 0.9 is above all three, 0.4 above one and level with one.
        Assert.Equal((3 + 1 + 0.5) / 6, RankingMetrics.Auroc(LabelledAnswers.Of("0.9+ 0.7- 0.4+ 0.4- 0.1-")));
        Assert.Equal(0.5, RankingMetrics.Auroc(LabelledAnswers.Of("0.5+ 0.5- 0.5- 0.5+ 0.5+")));
    }

    [Fact]
    public void Auroc_AnySample_IsTheShareOfOrderedPairs() => LabelledAnswers.WithTies.Sample(answers =>
    {
        var pairs = answers.Where(a => a.IsCorrect)
            .SelectMany(r => answers.Where(a => !a.IsCorrect).Select(w => r.Score > w.Score ? 1 : r.Score == w.Score ? 0.5 : 0))
            .ToList();
        Assert.Equal(pairs.Count > 0, RankingMetrics.Auroc(answers) is not null);
        Assert.Equal(pairs.DefaultIfEmpty(-1).Average(), RankingMetrics.Auroc(answers) ?? -1, 1e-12);
    });

    [Fact]
    public void Auprc_ByHand()
    {
        // Recall rises by 1/3 each at precisions 1, 2/3 and (both of a tie at once) 3/5.
        Assert.Equal((1 + (2 / 3.0) + (3 / 5.0)) / 3, RankingMetrics.Auprc(LabelledAnswers.Of("0.9+ 0.8- 0.7+ 0.4- 0.4+"))!.Value, 1e-15);
        Assert.Null(RankingMetrics.Auprc(LabelledAnswers.Of("0.9- 0.8-")));
        Assert.Equal(1, RankingMetrics.Auprc(LabelledAnswers.Of("0.9+ 0.8+")));
    }

    [Fact]
    public void Auprc_AllScoresEqual_IsTheShareOfRightAnswers() => Gen.Bool.Array[1, 20].Where(l => l.Contains(true)).Sample(labels =>
        Assert.Equal(
            labels.Average(l => l ? 1.0 : 0),
            RankingMetrics.Auprc(labels.Select(l => new LabelledScore(0.3, l)).ToArray())!.Value,
            1e-12));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1.01)]
    [InlineData(-0.01)]
    public void Metrics_ScoreOutOfRange_AreRefused(double score)
    {
        LabelledScore[] answers = [new(0.5, true), new(score, false)];
        Assert.Throws<ArgumentException>(() => RankingMetrics.Auroc(answers));
        Assert.Throws<ArgumentException>(() => SelectiveMetrics.Aurc(answers));
        Assert.Throws<ArgumentException>(() => CalibrationMetrics.Brier(answers));
        Assert.Throws<ArgumentException>(() => CalibrationMetrics.LogLoss(answers));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.BalancedAccuracy(answers, 0.5));
    }

    [Fact]
    public void Metrics_NoAnswers_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => RankingMetrics.Auprc([]));
        Assert.Throws<ArgumentException>(() => SelectiveMetrics.RiskCoverageCurve([]));
        Assert.Throws<ArgumentException>(() => CalibrationMetrics.Ece([]));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Accuracy<bool>([]));
    }
}
