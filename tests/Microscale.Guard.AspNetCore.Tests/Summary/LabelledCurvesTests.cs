namespace Microscale.Guard.AspNetCore.Tests.Summary;

public class LabelledCurvesTests
{
    [Fact]
    public void RiskCoverage_WrongAnswersAtTheBottom_RisesAtTheEnd()
    {
        var (points, area) = LabelledCurves.RiskCoverage([(0.9, true), (0.8, true), (0.7, true), (0.2, false)]);

        Assert.Equal([0.25, 0.5, 0.75, 1.0], points.Select(p => p.Coverage));
        Assert.Equal([0, 0, 0, 0.25], points.Select(p => p.Risk));
        Assert.Equal(0.0625, area!.Value, 12);
    }

    [Fact]
    public void RiskCoverage_EqualScores_GoTogether()
    {
        var (points, area) = LabelledCurves.RiskCoverage([(0.5, true), (0.5, false)]);

        Assert.Equal(new RiskPoint(1, 0.5, 0.5), Assert.Single(points));
        Assert.Equal(0.5, area);
    }

    [Fact]
    public void RiskCoverage_ManyPoints_KeepsTheEnds()
    {
        var (points, _) = LabelledCurves.RiskCoverage(Enumerable.Range(0, 5000).Select(i => (i / 5000.0, i % 3 == 0)));

        Assert.Equal(200, points.Count);
        Assert.Equal((1 / 5000.0, 1.0), (points[0].Coverage, points[^1].Coverage));
    }

    [Fact]
    public void Reliability_ErrorIsTheMeanGapBetweenConfidenceAndAccuracy()
    {
        var (points, error) = LabelledCurves.Reliability([new(95, 8, 8, 7.6), new(15, 2, 1, 0.3), new(100, 1, 1, 1)]);

        Assert.Equal([(0.1, 0.5, 2L), (0.9, 1.0, 9L)], points.Select(p => (p.From, p.Accuracy, p.Count)));
        Assert.Equal(((9 * (1 - (8.6 / 9))) + (2 * 0.35)) / 11, error!.Value, 12);
    }

    [Fact]
    public void Curves_WithoutLabels_AreEmpty()
    {
        Assert.Equal((0, null), (LabelledCurves.RiskCoverage([]).Points.Count, LabelledCurves.RiskCoverage([]).Area));
        Assert.Equal((0, null), (LabelledCurves.Reliability([]).Points.Count, LabelledCurves.Reliability([]).Error));
    }
}
