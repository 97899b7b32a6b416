using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class ChainContentTests
{
    [Theory]
    [InlineData("nothing", false)]
    [InlineData("nothing", true)]
    [InlineData("source", false)]
    [InlineData("source", true)]
    [InlineData("scorer", false)]
    [InlineData("scorer", true)]
    [InlineData("score", false)]
    [InlineData("score", true)]
    [InlineData("verifier", false)]
    [InlineData("verifier", true)]
    [InlineData("model", false)]
    [InlineData("model", true)]
    [InlineData("repair", false)]
    [InlineData("repair", true)]
    [InlineData("bypass", false)]
    [InlineData("bypass", true)]
    public async Task AnyOutcome_NoWordOfTheContentIsEmitted(string failing, bool streaming)
    {
        using var listening = new Listening();
        using var model = new ScriptedChatClient
        {
            Respond = call => failing == (call.Messages.Count == 1 ? "model" : "repair")
                ? new ScriptedReply(GuardedChain.Wrong) { Fault = Quoting(), FaultAfter = failing == "model" ? 1 : GuardedChain.FirstSentence }
                : call.Messages.Count == 1 ? GuardedChain.Wrong : GuardedChain.Right,
        };
        using var client = new TracedModel(model).Guarded(
            g => g.RepairUpTo(1),
            EvidenceSource.FromDelegate((_, _) => failing == "source" ? throw Quoting() : new([GuardedChain.Evidence])),
            new QuotingScorer(failing),
            new QuotingVerifier(failing));

        try
        {
            await client.AskAsync(streaming, failing == "bypass" ? new ChatOptions().BypassGuard(GuardedChain.Question) : null);
            Assert.NotEqual("model", failing);
        }
        catch (InvalidOperationException) when (failing == "model")
        {
            // What the model throws is the caller's.
        }

        var values = listening.Values().ToList();
        Assert.NotEmpty(values);
        foreach (var word in GuardedChain.Words)
        {
            Assert.DoesNotContain(values, v => v.Contains(word, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static InvalidOperationException Quoting() => new(string.Join(' ', GuardedChain.Words));

    private sealed class QuotingScorer(string failing) : IConfidenceScorer
    {
        public string Name => "quoting";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) => failing switch
        {
            "scorer" => throw Quoting(),
            "score" => new(ConfidenceScore.Unavailable(Name, context.Text)),
            _ => new(new ConfidenceScore(Name, 0.9)),
        };
    }

    private sealed class QuotingVerifier(string failing) : IClaimVerifier
    {
        public string Name => "quoting";

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
            failing == "verifier"
                ? throw Quoting()
                : new([.. context.Claims.Select(c => new VerifierFinding(Name, GuardedChain.Judge(c)!.Value) { Explanation = c.Text, Score = 0.9 })]);
    }
}
