using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation.Tests.Evaluators;

public class GuardReportEvaluatorTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Capital of Norway?")];

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.2, false)]
    public async Task Evaluate_GuardedResponse_TellsWhatTheGuardDid(double score, bool answered)
    {
        using var model = new ScriptedChatClient("The capital of Norway is Oslo.");
        using var guarded = model.AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => score))
            .VerifyWith(ScriptedVerifier.Always(Verdict.Supported))
            .AbstainBelow(0.5)).Build();
        var result = await EvaluateAsync(await guarded.GetResponseAsync(Question));

        Assert.Equal(answered, result.Get<BooleanMetric>(GuardReportEvaluator.AnsweredMetricName).Value);
        Assert.Equal(score, result.Get<NumericMetric>(GuardReportEvaluator.ConfidenceMetricName).Value);
        Assert.Equal(1, result.Get<NumericMetric>(GuardReportEvaluator.SupportedClaimsMetricName).Value);
        Assert.Null(result.Get<BooleanMetric>(GuardReportEvaluator.AnsweredMetricName).Interpretation);
    }

    [Fact]
    public async Task Evaluate_ResponseWithoutReport_FailsAll()
    {
        var result = await EvaluateAsync(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Oslo.")));
        Assert.All(result.Metrics.Values, m =>
        {
            Assert.True(m.Interpretation!.Failed);
            Assert.Contains(m.Diagnostics!, d => d.Severity == EvaluationDiagnosticSeverity.Error);
        });
    }

    [Fact]
    public async Task Evaluate_Faults_AreErrors()
    {
        using var model = new ScriptedChatClient("The capital of Norway is Oslo.");
        using var guarded = model.AsBuilder().UseConfidence(new ScriptedScorer(_ => 1) { Misbehaviour = Misbehaviour.Throws }).Build();
        var result = await EvaluateAsync(await guarded.GetResponseAsync(Question));
        Assert.True(result.ContainsDiagnostics(d => d.Severity == EvaluationDiagnosticSeverity.Error && d.Message.StartsWith("scripted failed", StringComparison.Ordinal)));
        Assert.Null(result.Get<NumericMetric>(GuardReportEvaluator.ConfidenceMetricName).Value);
        Assert.Null(result.Get<BooleanMetric>(GuardReportEvaluator.AnsweredMetricName).Value);
    }

    private static async Task<EvaluationResult> EvaluateAsync(ChatResponse response)
    {
        var evaluator = new GuardReportEvaluator();
        var result = await evaluator.EvaluateAsync(Question, response);
        Assert.Equal(evaluator.EvaluationMetricNames.Order(), result.Metrics.Keys.Order());
        return result;
    }
}
