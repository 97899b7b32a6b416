using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation.Tests.Evaluators;

public class VerifierEvaluatorTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What is known of Oslo?")];
    private static readonly ChatResponse Answer = new(new ChatMessage(ChatRole.Assistant, "Oslo is in Norway. Oslo has nine moons."));

    [Fact]
    public async Task Evaluate_SomeClaimsSupported_IsTheirShareWithTheReasons()
    {
        var verifier = new ScriptedVerifier(c => c.Text.Contains("moons", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported);
        var metric = await EvaluateAsync(verifier, new EvidenceContext(new Evidence("a", "Oslo is the capital of Norway."), new Evidence("b", "Another.")));

        Assert.Equal(0.5, metric.Value);
        Assert.Equal("1 of 2 claims are supported.", metric.Reason);
        Assert.True(metric.Interpretation is { Failed: true, Rating: EvaluationRating.Unacceptable });
        var warning = Assert.Single(metric.Diagnostics!);
        Assert.Equal(EvaluationDiagnosticSeverity.Warning, warning.Severity);
        Assert.StartsWith("Contradicted: \"Oslo has nine moons.\"", warning.Message, StringComparison.Ordinal);
        Assert.Equal(["Oslo is the capital of Norway.", "Another."], metric.Context!["Evidence"].Contents.Cast<TextContent>().Select(c => c.Text));

        var context = Assert.Single(verifier.Contexts);
        Assert.Equal(["a", "b"], context.Evidence.Select(e => e.Id));
        Assert.Equal("What is known of Oslo?", context.Question);
    }

    [Fact]
    public async Task Evaluate_AllClaimsSupported_Passes()
    {
        var metric = await EvaluateAsync(ScriptedVerifier.Always(Verdict.Supported));
        Assert.Equal(1, metric.Value);
        Assert.True(metric.Interpretation is { Failed: false, Rating: EvaluationRating.Exceptional });
        Assert.Null(metric.Diagnostics);
    }

    [Fact]
    public async Task Evaluate_VerifierThatFails_FailsWithItsError()
    {
        var metric = await EvaluateAsync(new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Misbehaviour.Throws });
        Assert.Equal(0, metric.Value);
        Assert.True(metric.Interpretation!.Failed);
        Assert.Contains(metric.Diagnostics!, d => d.Severity == EvaluationDiagnosticSeverity.Error && d.Message.StartsWith("scripted failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Evaluate_NoClaim_IsInconclusive()
    {
        var verifier = ScriptedVerifier.Always(Verdict.Supported);
        var result = await new VerifierEvaluator([verifier]).EvaluateAsync(Question, new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello!")));
        var metric = result.Get<NumericMetric>(VerifierEvaluator.SupportedClaimsMetricName);
        Assert.Null(metric.Value);
        Assert.True(metric.Interpretation is { Failed: false, Rating: EvaluationRating.Inconclusive });
        Assert.Empty(verifier.Contexts);
    }

    [Fact]
    public async Task Evaluate_AsVerifierAgain_JudgesTheSame()
    {
        // There and back: the evaluator of a verifier is a verifier.
        var inner = new ScriptedVerifier(c => c.Text.Contains("moons", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported);
        var verifier = new EvaluatorVerifier(new VerifierEvaluator([inner]));
        var findings = await verifier.VerifyAsync(new([new Claim("Oslo is in Norway.", 0, 18), new Claim("Oslo has nine moons.", 19, 20)], [], "") { Messages = Question });
        Assert.Equal([Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
    }

    [Fact]
    public void Create_NoVerifier_IsRefused() => Assert.Throws<ArgumentException>(() => new VerifierEvaluator([]));

    private static async Task<NumericMetric> EvaluateAsync(IClaimVerifier verifier, params EvaluationContext[] contexts)
    {
        var evaluator = new VerifierEvaluator([verifier]);
        var result = await evaluator.EvaluateAsync(Question, Answer, additionalContext: contexts);
        Assert.Equal(evaluator.EvaluationMetricNames, result.Metrics.Keys);
        return result.Get<NumericMetric>(VerifierEvaluator.SupportedClaimsMetricName);
    }
}
