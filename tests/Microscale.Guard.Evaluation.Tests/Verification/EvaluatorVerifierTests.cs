using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation.Tests.Verification;

public class EvaluatorVerifierTests
{
    private static readonly VerificationContext Context = new([new Claim("good", 0, 4), new Claim("bad", 5, 3)], [new Evidence("e", "x")], "What?")
    {
        Messages = [new ChatMessage(ChatRole.User, "What?")],
    };

    [Fact]
    public async Task Verify_InterpretedMetrics_PassOrNot()
    {
        var evaluator = new ScriptedEvaluator(text => [
            new NumericMetric("a", 5, "all of it") { Interpretation = new(EvaluationRating.Good) },
            new NumericMetric("b", 1, "not this") { Interpretation = new(text == "good" ? EvaluationRating.Good : EvaluationRating.Unacceptable, failed: text != "good") },
        ]);

        var findings = await new EvaluatorVerifier(evaluator, createContext: c => [new Passages(c.Evidence[0].Text)]).VerifyAsync(Context);

        Assert.Equal([Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
        Assert.Equal("not this", findings[1]!.Explanation);
        Assert.All(findings, f => Assert.Equal("evaluator", f!.Verifier));
        Assert.All(evaluator.Contexts, c => Assert.IsType<Passages>(Assert.Single(c)));
    }

    [Fact]
    public async Task Verify_BooleanMetric_PassesWhenTrue()
    {
        var findings = await new EvaluatorVerifier(new ScriptedEvaluator(text => [new BooleanMetric("is-good", text == "good")])).VerifyAsync(Context);
        Assert.Equal([Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
        Assert.Equal("is-good did not pass.", findings[1]!.Explanation);
    }

    [Fact]
    public async Task Verify_MetricThatSaysNothing_Throws()
    {
        var failed = new BooleanMetric("a", true);
        failed.AddDiagnostics(EvaluationDiagnostic.Error("no model"));
        foreach (EvaluationMetric[] metrics in new EvaluationMetric[][] { [], [new NumericMetric("a", 5)], [new BooleanMetric("a")], [failed] })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await new EvaluatorVerifier(new ScriptedEvaluator(_ => metrics)).VerifyAsync(Context));
        }
    }

    [Fact]
    public async Task Verify_EvaluatorThatAsksAModel_CountsItsTokens()
    {
        using var model = new ScriptedChatClient("yes");
        var evaluator = new ScriptedEvaluator(_ => [new BooleanMetric("a", true)]) { AsksModel = true };
        var context = new VerificationContext(Context.Claims, Context.Evidence, "") { Messages = Context.Messages };

        await new EvaluatorVerifier(evaluator, new ChatConfiguration(model)).VerifyAsync(context);

        Assert.Equal(60, context.Usage!.TotalTokenCount);
        Assert.False(model.IsDisposed);
    }

    private sealed class Passages(string text) : EvaluationContext("Passages", text);

    private sealed class ScriptedEvaluator(Func<string, EvaluationMetric[]> metrics) : IEvaluator
    {
        public bool AsksModel { get; init; }

        public List<List<EvaluationContext>> Contexts { get; } = [];

        public IReadOnlyCollection<string> EvaluationMetricNames => [];

        public async ValueTask<EvaluationResult> EvaluateAsync(
            IEnumerable<ChatMessage> messages,
            ChatResponse modelResponse,
            ChatConfiguration? chatConfiguration = null,
            IEnumerable<EvaluationContext>? additionalContext = null,
            CancellationToken cancellationToken = default)
        {
            Contexts.Add([.. additionalContext ?? []]);
            if (AsksModel)
            {
                await chatConfiguration!.ChatClient.GetResponseAsync(messages, cancellationToken: cancellationToken);
                await chatConfiguration.ChatClient.GetStreamingResponseAsync(messages, cancellationToken: cancellationToken).ToChatResponseAsync(cancellationToken);
            }

            return new EvaluationResult(metrics(modelResponse.Text));
        }
    }
}
