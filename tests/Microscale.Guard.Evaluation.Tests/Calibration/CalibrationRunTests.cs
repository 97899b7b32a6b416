using Microscale.Guard.Evaluation.Tests.Datasets;
using Microscale.Guard.Evaluation.Tests.Runs;

namespace Microscale.Guard.Evaluation.Tests.Calibration;

public class CalibrationRunTests
{
    [Fact]
    public void Split_RowsOfAGroup_GoToOneSide()
    {
        var split = new GroupSplit(seed: 3, fitShare: 0.3);
        var rows = Enumerable.Range(0, 4000).Select(i => RunFiguresTests.Row(0.5, true, true) with { Row = i, Group = $"g{i / 4}" }).ToArray();

        Assert.All(rows.Chunk(4), g => Assert.Single(g.Select(split.IsFitted).Distinct()));
        Assert.InRange(rows.Count(split.IsFitted) / 4000.0, 0.25, 0.35);
        Assert.NotEqual(rows.Select(split.IsFitted), rows.Select(new GroupSplit(4, 0.3).IsFitted));
    }

    [Fact]
    public async Task Fit_ScoresThatAreNoProbabilities_AreCalibratedOnTheOtherPart()
    {
        var outcome = await FitAsync(4000);

        Assert.InRange(outcome.EceBefore, 0.1, 1);
        Assert.InRange(outcome.EceAfter, 0, 0.05);
        Assert.True(outcome.BrierAfter < outcome.BrierBefore);
        Assert.Equal(4000, outcome.Artefact.SampleCount + outcome.TestCount);
    }

    [Fact]
    public async Task Fit_Artefact_NamesPipelineAndSplitAndCanBeReadBack()
    {
        var artefact = (await FitAsync(400)).Artefact;

        Assert.Equal(new CalibrationPipeline("scorer/x", "model", "prompt"), artefact.Pipeline);
        Assert.Equal(("rows.jsonl", "h"), (artefact.Data!.Name, artefact.Data.Hash));
        Assert.Contains("0.5 of the groups", artefact.Data.Split, StringComparison.Ordinal);
        Assert.Equal(artefact.Data, CalibrationArtefact.Parse(artefact.ToJson()).Data);
    }

    [Fact]
    public async Task Fit_RowsThatVerificationWithholds_AreLeftOut()
    {
        var outcome = await FitAsync(400, item => item with { IsUpToScore = item.IsTrue });

        Assert.Equal(outcome.Artefact.SampleCount, outcome.Artefact.CorrectCount);
    }

    [Fact]
    public async Task Fit_WithoutScorerOrWithTooFewRows_SaysWhatToDo()
    {
        var noScorer = await Assert.ThrowsAsync<InvalidOperationException>(() => FitAsync(400, item => item with { Scorer = null }));
        var tooFew = await Assert.ThrowsAsync<InvalidOperationException>(() => FitAsync(40));
        var twoModels = await Assert.ThrowsAsync<InvalidOperationException>(() => FitAsync(400, item => item with { Model = item.IsTrue ? "a" : "b" }));

        Assert.Contains("has no scorer", noScorer.Message, StringComparison.Ordinal);
        Assert.Contains("Evaluate more rows", tooFew.Message, StringComparison.Ordinal);
        Assert.Contains("several models (", twoModels.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ErrorFarBelowTheTarget_IsNeverExceeded()
    {
        var pairs = Enumerable.Range(0, 600).Select(i => new LabelledScore(i % 100 / 100.0, i % 50 != 0)).ToArray();

        var check = GuaranteeCheck.Run(pairs, errorRate: 0.1, splits: 50);

        Assert.Equal((50, 50, 0), (check.Splits, check.Feasible, check.Exceeded));
        Assert.InRange(check.MeanRisk!.Value, 0.01, 0.03);
        Assert.Equal(check, GuaranteeCheck.Run(pairs, errorRate: 0.1, splits: 50));
    }

    [Fact]
    public void Check_ThresholdThatMeetsNothing_IsExceeded()
    {
        var pairs = Enumerable.Range(0, 600).Select(i => new LabelledScore(i % 100 / 100.0, i % 3 != 0)).ToArray();

        var check = GuaranteeCheck.Run(pairs, 0.1, splits: 20, control: (_, rate, delta) => new RiskGuarantee(RiskControlMethod.LearnThenTest, rate, delta) { Threshold = 0 });

        Assert.Equal(1, check.ExceededShare);
    }

    private static async Task<CalibrationOutcome> FitAsync(int rows, Func<EvaluationItem, EvaluationItem>? change = null)
    {
        var pipeline = new TestPipeline("a", (row, _) =>
        {
            // Right as often as the square of the score: over-confident.
            var score = ((row.Number * 7919L) + 13) % 10007 / 10007.0;
            var isTrue = ((row.Number * 104729L) + 7) % 9973 / 9973.0 < score * score;
            var item = Pairs.Item(row) with { Score = score, IsTrue = isTrue, Scorer = "scorer/x", Model = "model", Prompt = "prompt" };
            return ValueTask.FromResult(change?.Invoke(item) ?? item);
        });
        var results = await EvaluationRun.RunAsync(Pairs.Data(rows), [pipeline]);
        return CalibrationRun.Fit(results.Run, results.Pipelines[0]);
    }
}
