using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class SelectiveMetricsTests
{
    private static readonly LabelledScore[] Five = LabelledAnswers.Of("0.9+ 0.8- 0.7+ 0.4- 0.4+");

    [Fact]
    public void RiskCoverageCurve_ByHand() => Assert.Equal(
        [new(0.9, 1, 0, 0.2, 0), new(0.8, 2, 1, 0.4, 0.5), new(0.7, 3, 1, 0.6, 1 / 3.0), new(0.4, 5, 2, 1, 0.4)],
        SelectiveMetrics.RiskCoverageCurve(Five));

    [Fact]
    public void Areas_ByHand()
    {
        // Risks at 1 … 5 answered: 0, 1/2, 1/3, then the tie halves its one wrong answer: 1.5/4, 2/5. Perfect: 0, 0, 0, 1/4, 2/5.
        var aurc = (0 + 0.5 + (1 / 3.0) + (1.5 / 4) + 0.4) / 5;
        Assert.Equal(aurc, SelectiveMetrics.Aurc(Five), 1e-15);
        Assert.Equal(aurc - ((0.25 + 0.4) / 5), SelectiveMetrics.EAurc(Five), 1e-15);

        // Wrong answers 0, 0, 1, 1, 1.5, 2 over 0 … 5 answered, joined by straight lines.
        Assert.Equal((0 + 0.5 + 1 + 1.25 + 1.75) / 25, SelectiveMetrics.Augrc(Five), 1e-15);
    }

    [Fact]
    public void Prr_ByHand()
    {
        // Up to two of five withheld: risks of 4 and 5 kept, against 0.4 twice by chance and 1/4, 2/5 at best.
        Assert.Equal((0.8 - (0.375 + 0.4)) / (0.8 - 0.65), SelectiveMetrics.Prr(Five)!.Value, 1e-12);
        Assert.Equal(-1, Math.Sign(SelectiveMetrics.Prr(LabelledAnswers.Of("0.9- 0.8+ 0.7+ 0.6+"))!.Value));
        Assert.Null(SelectiveMetrics.Prr(LabelledAnswers.Of("0.9- 0.8+"), 0.5));
        Assert.Null(SelectiveMetrics.Prr(LabelledAnswers.Of("0.9+ 0.8+ 0.7+ 0.6+")));
        Assert.Null(SelectiveMetrics.Prr(LabelledAnswers.Of("0.9- 0.8- 0.7- 0.6-")));
    }

    [Fact]
    public void Aurc_Ties_IsTheMeanOverTheirOrders() => LabelledAnswers.WithTies.Sample(answers =>
        Assert.Equal(LabelledAnswers.MeanOverTies(answers, MeanRisk), SelectiveMetrics.Aurc(answers), 1e-12));

    [Fact]
    public void EAurc_Ties_IsTheMeanOverTheirOrders() => LabelledAnswers.WithTies.Sample(answers =>
    {
        bool[] perfect = [.. answers.Select(a => a.IsCorrect).OrderDescending()];
        Assert.Equal(LabelledAnswers.MeanOverTies(answers, o => MeanRisk(o) - MeanRisk(perfect)), SelectiveMetrics.EAurc(answers), 1e-12);
    });

    [Fact]
    public void Augrc_AnySample_IsWhatThePaperDerivesFromAuroc() => Gen.OneOf(LabelledAnswers.WithTies, LabelledAnswers.Any).Sample(answers =>
    {
        var accuracy = ClassificationMetrics.Accuracy(answers);
        var expected = ((1 - (RankingMetrics.Auroc(answers) ?? 0)) * accuracy * (1 - accuracy)) + ((1 - accuracy) * (1 - accuracy) / 2);
        Assert.Equal(expected, SelectiveMetrics.Augrc(answers), 1e-12);
    });

    [Fact]
    public void Prr_AllWithheldInTurn_IsOneMinusTheShareOfExcess() => LabelledAnswers.WithTies.Sample(answers =>
    {
        bool[] perfect = [.. answers.Select(a => a.IsCorrect).OrderDescending()];
        var risk = 1 - ClassificationMetrics.Accuracy(answers);
        if (SelectiveMetrics.Prr(answers, 1) is { } prr)
        {
            Assert.Equal(1 - (SelectiveMetrics.EAurc(answers) / (risk - MeanRisk(perfect))), prr, 1e-9);
        }
        else
        {
            Assert.True(risk is 0 or 1);
        }
    });

    [Fact]
    public void PerfectOrder_HasNoExcess() => LabelledAnswers.Any.Sample(answers =>
    {
        LabelledScore[] perfect = [.. answers.Select(a => a with { Score = (0.4 * a.Score) + (a.IsCorrect ? 0.6 : 0) })];
        Assert.Equal(0, SelectiveMetrics.EAurc(perfect), 1e-12);
        Assert.Equal(1, SelectiveMetrics.Prr(perfect) ?? 1, 1e-9);
    });

    [Fact]
    public void CoverageAtRisk_ByHand()
    {
        Assert.Equal(0.2, SelectiveMetrics.CoverageAtRisk(Five, 0));
        Assert.Equal(0.6, SelectiveMetrics.CoverageAtRisk(Five, 0.35));
        Assert.Equal(1, SelectiveMetrics.CoverageAtRisk(Five, 0.4));
        Assert.Equal(0, SelectiveMetrics.CoverageAtRisk(LabelledAnswers.Of("0.9- 0.9+ 0.5-"), 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectiveMetrics.CoverageAtRisk(Five, 1.5));
    }

    [Fact]
    public void CoverageAtRisk_AnySample_IsTheLargestThatAThresholdReaches() => Gen.Select(LabelledAnswers.WithTies, Gen.Double[0, 1]).Sample((answers, risk) =>
    {
        var best = 0.0;
        foreach (var threshold in answers.Select(a => a.Score))
        {
            var answered = answers.Where(a => a.Score >= threshold).ToList();
            best = (double)answered.Count(a => !a.IsCorrect) / answered.Count <= risk ? Math.Max(best, (double)answered.Count / answers.Length) : best;
        }

        Assert.Equal(best, SelectiveMetrics.CoverageAtRisk(answers, risk));
    });

    private static double MeanRisk(bool[] order) =>
        Enumerable.Range(1, order.Length).Average(k => order.Take(k).Count(right => !right) / (double)k);
}
