namespace Microscale.Guard.AspNetCore.Tests.Summary;

public class ThresholdCurveTests
{
    private static readonly ScoreGroup[] Groups =
    [
        new(Bin: 90, ScoreDecides: true, Answered: true, Count: 10, SumOfScores: 9.05, Signals: 1, Labels: 4, Correct: 4),
        new(Bin: 60, ScoreDecides: true, Answered: true, Count: 5, SumOfScores: 3.0, Signals: 0, Labels: 2, Correct: 1),
        new(Bin: 40, ScoreDecides: true, Answered: false, Count: 3, SumOfScores: 1.2, Signals: 0, Labels: 1, Correct: 0),
        new(Bin: 95, ScoreDecides: false, Answered: false, Count: 7, SumOfScores: 6.65, Signals: 7, Labels: 7, Correct: 0),
    ];

    [Fact]
    public void Compute_ThresholdInUse_ChangesNothing()
    {
        var point = ThresholdCurve.Compute(Groups)[50];

        Assert.Equal((0.5, 15, 0, 0), (point.Threshold, point.Answered, point.NewlyAnswered, point.NewlyWithheld));
        Assert.Equal((1, 6, 1), (point.Signals, point.Labels, point.Wrong));
        Assert.Equal(12.05 / 15, point.MeanConfidence!.Value, 12);
    }

    [Fact]
    public void Compute_LowerThreshold_AnswersMoreButNotWhatOtherChecksWithheld()
    {
        var point = ThresholdCurve.Compute(Groups)[40];

        Assert.Equal((18, 3, 0, 2), (point.Answered, point.NewlyAnswered, point.NewlyWithheld, point.Wrong));
    }

    [Fact]
    public void Compute_HigherThreshold_WithholdsMore()
    {
        var points = ThresholdCurve.Compute(Groups);

        Assert.Equal((10, 0, 5), (points[61].Answered, points[61].NewlyAnswered, points[61].NewlyWithheld));
        Assert.Equal((0, 15, null, null), (points[100].Answered, points[100].NewlyWithheld, points[100].MeanConfidence, points[100].Ece));
        Assert.Equal(101, points.Count);
    }
}
