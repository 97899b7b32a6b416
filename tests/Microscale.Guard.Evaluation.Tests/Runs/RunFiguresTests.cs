namespace Microscale.Guard.Evaluation.Tests.Runs;

public class RunFiguresTests
{
    [Fact]
    public void Of_FourRows_GivesHandComputedFigures()
    {
        // By score: true, false (passes), true (withheld), false.
        var figures = RunFigures.Of(
        [
            Row(0.9, isTrue: true, isAccepted: true),
            Row(0.8, isTrue: false, isAccepted: true),
            Row(0.6, isTrue: true, isAccepted: false),
            Row(0.1, isTrue: false, isAccepted: false),
        ]);

        Assert.Equal(4, figures.N);
        Assert.Equal(0.5, figures.BalancedAccuracy);
        Assert.Equal(0.75, figures.Auroc); // three of four pairs are in order
        Assert.Equal(0.5, figures.Accuracy);
        Assert.Equal(0.5, figures.Coverage);
        Assert.Equal(0.5, figures.SelectiveRisk);
        Assert.Equal((0 + (1 / 2.0) + (1 / 3.0) + (2 / 4.0)) / 4, figures.Aurc!.Value, 12);
        Assert.Equal((0.01 + 0.64 + 0.16 + 0.01) / 4, figures.Brier!.Value, 12);
        Assert.Equal((0.1 + 0.8 + 0.4 + 0.1) / 4, figures.Ece!.Value, 12); // each row in a bin of its own
    }

    [Fact]
    public void Of_RowWithoutScore_RanksLastAndHasNoCalibration()
    {
        var figures = RunFigures.Of([Row(0.9, isTrue: true, isAccepted: true), Row(null, isTrue: false, isAccepted: false)]);

        Assert.Equal(1, figures.Auroc);
        Assert.Equal(0.1, figures.Ece!.Value, 12);
    }

    [Fact]
    public void Of_Classes_BalancesOverThem()
    {
        var figures = RunFigures.Of(
        [
            Row(0.9, isTrue: true, isAccepted: true) with { Class = "entailment", IsRight = true },
            Row(0.8, isTrue: true, isAccepted: true) with { Class = "entailment", IsRight = true },
            Row(0.2, isTrue: false, isAccepted: false) with { Class = "neutral", IsRight = false },
        ]);

        Assert.Equal(0.5, figures.BalancedAccuracy);
        Assert.Equal(2 / 3.0, figures.Accuracy);
    }

    [Fact]
    public void Of_NoRowsOrNoScores_LeavesUndefinedFiguresOut()
    {
        Assert.Empty(RunFigures.Of(Array.Empty<EvaluatedRow>()).ByName);
        Assert.Equal(["balancedAccuracy", "accuracy", "coverage"], RunFigures.Of([Row(null, isTrue: true, isAccepted: false)]).ByName.Select(p => p.Key));
    }

    internal static EvaluatedRow Row(double? score, bool isTrue, bool isAccepted) =>
        new(0, score, null, isTrue, isAccepted, isTrue == isAccepted, IsUpToScore: true, Class: null, Group: null);
}
