using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class ChainMetricTests
{
    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_IsMeasured(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded(g => g.RepairUpTo(1));

        var response = await client.AskAsync(streaming);

        Assert.Equal(10, response.GetGuardReport()!.Attempts[1].Usage!.InputTokenCount);
        Assert.Equal(
            new() { ["gen_ai.response.model=scripted microscale.guard.decision=repaired microscale.guard.policy=verdict+confidence_threshold microscale.guard.reason=contradicted"] = 1 },
            Sums(listening, "microscale.guard.requests"));
        Assert.Equal(
            new()
            {
                ["microscale.guard.attempt.kind=draft microscale.guard.reason=contradicted"] = 1,
                ["microscale.guard.attempt.kind=repair microscale.guard.reason=none"] = 1,
            },
            Sums(listening, "microscale.guard.attempts"));
        var claims = Sums(listening, "microscale.guard.claims");
        Assert.Equal(1, claims["microscale.guard.verdict=contradicted microscale.guard.verifier=scripted"]);
        Assert.InRange(claims["microscale.guard.verdict=supported microscale.guard.verifier=scripted"], 1, 2);
        Assert.Equal(new() { ["gen_ai.response.model=scripted gen_ai.token.type=input"] = 10, ["gen_ai.response.model=scripted gen_ai.token.type=output"] = 5 }, Sums(listening, "microscale.guard.tokens"));

        // A gated stream ends at the first wrong claim, perhaps before the draft is scored.
        Assert.InRange(Assert.Single(listening.Metric("microscale.guard.confidence")).Value.GetHistogramCount(), streaming ? 1 : 2, 2);
        Assert.Equal(1, Assert.Single(listening.Metric("microscale.guard.overhead")).Value.GetHistogramCount());
        Assert.Empty(listening.Metric("microscale.guard.faults"));
        Assert.Empty(listening.Metric("microscale.guard.bypasses"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task SamplesOfARepair_AreCountedOnce(bool streaming)
    {
        using var listening = new Listening();
        // A gated stream would end at the first wrong claim, and with it the samples for the score.
        using var client = GuardedChain.Model.Guarded(
            g => g.RepairUpTo(1).ConfigureAbstention(o => o.Streaming = StreamingMode.Buffered), scorer: Confidence.Consistency(2));

        var response = await client.AskAsync(streaming);

        // Two drafts with two samples each, of which the first draft is not the guard's.
        Assert.Equal(6 * 10, response.Usage!.InputTokenCount);
        Assert.Equal(new() { ["gen_ai.response.model=scripted gen_ai.token.type=input"] = 5 * 10, ["gen_ai.response.model=scripted gen_ai.token.type=output"] = 5 * 5 }, Sums(listening, "microscale.guard.tokens"));
    }

    [Theory]
    [InlineData("source", "grounding", "guard.retrieval", false)]
    [InlineData("source", "grounding", "guard.retrieval", true)]
    [InlineData("scorer", "confidence", "guard.scoring", false)]
    [InlineData("scorer", "confidence", "guard.scoring", true)]
    [InlineData("verifier", "verification", "guard.verification", false)]
    [InlineData("verifier", "verification", "guard.verification", true)]
    public async Task FaultyPart_IsAnErrorOfItsActivityAndCounted(string part, string stage, string activity, bool streaming)
    {
        Misbehaviour Of(string name) => part == name ? Misbehaviour.Throws : Misbehaviour.None;
        using var listening = new Listening();
        using var client = new ScriptedChatClient(GuardedChain.Right).Guarded(
            source: new ScriptedEvidenceSource(GuardedChain.Evidence) { Misbehaviour = Of("source") },
            scorer: new ScriptedScorer(_ => 0.9) { Misbehaviour = Of("scorer") },
            verifier: new ScriptedVerifier(GuardedChain.Judge) { Misbehaviour = Of("verifier") });

        await client.AskAsync(streaming);

        Assert.Equal(
            new() { [$"error.type=System.InvalidOperationException microscale.guard.stage={stage}"] = 1 }, Sums(listening, "microscale.guard.faults"));
        var failed = Assert.Single(listening.Activities, a => a.GetTagItem("error.type") is not null);
        Assert.Equal(System.Diagnostics.ActivityStatusCode.Error, failed.Status);
        Assert.Equal(activity, failed.OperationName);
        Assert.Equal("System.InvalidOperationException", failed.GetTagItem("error.type"));
        Assert.Equal("abstained", listening.Single("guard").GetTagItem("microscale.guard.decision"));
    }

    [Fact]
    public async Task ScorerThatFailsOnTheBeginning_IsCountedThoughTheStreamIsStopped()
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient(new ScriptedReply(GuardedChain.Wrong) { Hangs = true, FaultAfter = GuardedChain.FirstSentence })
            .Guarded(scorer: new ScriptedScorer(_ => 0.9) { Misbehaviour = Misbehaviour.Throws }, verifier: ScriptedVerifier.Always(Verdict.Supported));

        await client.AskAsync(streaming: true);

        Assert.Equal(
            new() { ["error.type=System.InvalidOperationException microscale.guard.stage=confidence"] = 1 }, Sums(listening, "microscale.guard.faults"));
        Assert.Equal("System.InvalidOperationException", listening.Single("guard.scoring").GetTagItem("error.type"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task FailedRepair_IsAFault(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient(GuardedChain.Wrong, new ScriptedReply("") { Fault = new InvalidOperationException() })
            .Guarded(g => g.RepairUpTo(1));

        await client.AskAsync(streaming);

        Assert.Equal(
            new() { ["error.type=System.InvalidOperationException microscale.guard.stage=generation"] = 1 }, Sums(listening, "microscale.guard.faults"));
        var attempt = Assert.Single(listening.Activities, a => a.OperationName == "guard.attempt" && a.GetTagItem("error.type") is not null);
        Assert.Equal("repair", attempt.GetTagItem("microscale.guard.attempt.kind"));
        Assert.Equal("abstained", listening.Single("guard").GetTagItem("microscale.guard.decision"));
        Assert.Null(listening.Single("guard").GetTagItem("error.type"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypass_IsCountedAndNoRequest(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded();

        await client.AskAsync(streaming, new ChatOptions().BypassGuard("undisclosed"));

        Assert.Equal(1, Assert.Single(listening.Metric("microscale.guard.bypasses")).Value.GetSumLong());
        Assert.Empty(listening.Metric("microscale.guard.requests"));
    }

    [Fact]
    public async Task Overhead_IsWithoutTheTimeOfTheReader()
    {
        using var listening = new Listening();
        var clock = new FakeTimeProvider();
        var scorer = new ScriptedScorer(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.25));
            return 0.9;
        })
        { Needs = ScorerNeeds.Samples };
        using var client = new ScriptedChatClient(GuardedChain.Right).AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(scorer)
            .AbstainBelow(0.5)
            .ConfigureConfidence(o => o.TimeProvider = clock)
            .ConfigureAbstention(o => o.TimeProvider = clock)).Build();
        var updates = new List<ChatResponseUpdate>();

        await foreach (var update in client.GetStreamingResponseAsync(GuardedChain.Question))
        {
            updates.Add(update);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var timings = updates.ToChatResponse().GetGuardReport()!.Timings;
        Assert.Equal(0.25 + updates.Count - 1, timings.Total.TotalSeconds);
        Assert.True(updates.Count > 2);
        Assert.Equal(0.25, Assert.Single(listening.Metric("microscale.guard.overhead")).Value.GetHistogramSum());
    }

    private static Dictionary<string, long> Sums(Listening listening, string name) =>
        listening.Metric(name).ToDictionary(p => p.Key, p => p.Value.GetSumLong());
}
