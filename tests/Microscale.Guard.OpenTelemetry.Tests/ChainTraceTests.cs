using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class ChainTraceTests
{
    private static readonly string[] RepairedPaths =
    [
        "guard",
        "guard/guard.attempt(draft)",
        "guard/guard.attempt(draft)/guard.generation",
        "guard/guard.attempt(draft)/guard.generation/model",
        "guard/guard.attempt(draft)/guard.scoring",
        "guard/guard.attempt(draft)/guard.verification",
        "guard/guard.attempt(repair)",
        "guard/guard.attempt(repair)/guard.generation",
        "guard/guard.attempt(repair)/guard.generation/model",
        "guard/guard.attempt(repair)/guard.scoring",
        "guard/guard.attempt(repair)/guard.verification",
        "guard/guard.retrieval",
    ];

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_IsOneGuardWithTwoAttempts(bool streaming)
    {
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Model).Guarded(g => g.RepairUpTo(1));

        var response = await client.AskAsync(streaming);

        Assert.Equal(GuardedChain.Right, response.Text);
        Assert.Equal(RepairedPaths, Paths(listening));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["microscale.guard.streaming"] = streaming,
                ["microscale.guard.decision"] = "repaired",
                ["microscale.guard.reason"] = "contradicted",
                ["microscale.guard.confidence"] = 0.9,
                ["microscale.guard.claim.count"] = 1,
                ["microscale.guard.attempt.count"] = 2,
                ["microscale.guard.policy"] = "verdict+confidence_threshold",
                ["gen_ai.response.model"] = "scripted",
                ["gen_ai.response.id"] = "r1",
            },
            listening.Single("guard").TagObjects.ToDictionary());
        Assert.Equal(1, listening.Single("guard.retrieval").GetTagItem("microscale.guard.evidence.count"));
        Assert.All(listening.Activities, a => Assert.Equal(ActivityStatusCode.Unset, a.Status));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task EachScoreAndVerdict_IsAnEvaluationResult(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded(g => g.RepairUpTo(1), scorer: new ScriptedScorer(_ => 0.9, "surely"));

        await client.AskAsync(streaming);

        foreach (var (kind, verdict, id) in (IEnumerable<(string, string, string)>)[("draft", "contradicted", "r0"), ("repair", "supported", "r1")])
        {
            var path = $"guard/guard.attempt({kind})/";
            var score = Assert.Single(EventsBelow(path + "guard.scoring"));
            Assert.Equal(("surely", 0.9, "raw", id), score);
            Assert.Equal(("scripted", 0.9, verdict, id), EventsBelow(path + "guard.verification")[0]);
        }

        List<(string?, double?, string?, string?)> EventsBelow(string path) =>
            [.. listening.Activities.Where(a => listening.PathOf(a) == path).SelectMany(a => a.Events).Select(e =>
            {
                Assert.Equal("gen_ai.evaluation.result", e.Name);
                var tags = e.Tags.ToDictionary();
                return ((string?)tags["gen_ai.evaluation.name"], (double?)tags["gen_ai.evaluation.score.value"],
                    (string?)tags["gen_ai.evaluation.score.label"], (string?)tags["gen_ai.response.id"]);
            })];
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Abstention_IsOnTheGuard(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded(scorer: new ScriptedScorer(_ => 0.1), verifier: ScriptedVerifier.Always(Verdict.Supported));

        await client.AskAsync(streaming);

        var guard = listening.Single("guard");
        Assert.Equal("abstained", guard.GetTagItem("microscale.guard.decision"));
        Assert.Equal("low_confidence", guard.GetTagItem("microscale.guard.reason"));
        Assert.Equal(0.1, guard.GetTagItem("microscale.guard.confidence"));
        Assert.Equal(0.1, listening.Single("guard.scoring").GetTagItem("microscale.guard.confidence"));
        Assert.Equal(ActivityStatusCode.Error, guard.Status);
        Assert.Equal("abstained: low_confidence", guard.StatusDescription);
        Assert.Null(guard.GetTagItem("error.type"));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["microscale.guard.reason"] = "low_confidence",
                ["microscale.guard.confidence"] = 0.1,
                ["microscale.guard.confidence.calibrated"] = false,
                ["microscale.guard.threshold"] = 0.5,
                ["microscale.guard.claim.failed.count"] = 0,
            },
            Assert.Single(guard.Events, e => e.Name == "microscale.guard.abstention").Tags.ToDictionary());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task AbstentionWithoutAsking_IsOnTheGuard(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded(source: new ScriptedEvidenceSource());

        await client.AskAsync(streaming);

        Assert.Equal(["guard", "guard/guard.retrieval"], Paths(listening));
        Assert.Equal("abstained", listening.Single("guard").GetTagItem("microscale.guard.decision"));
        Assert.Equal("no_evidence", listening.Single("guard").GetTagItem("microscale.guard.reason"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task VerifiersOnly_TheModelIsTracedAsWell(bool streaming)
    {
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Right).AsBuilder().UseHallucinationGuard(g => g.VerifyWith(GuardedChain.Verifier)).Build();

        await client.AskAsync(streaming);

        Assert.Equal(
            [
                "guard",
                "guard/guard.attempt(draft)",
                "guard/guard.attempt(draft)/guard.generation",
                "guard/guard.attempt(draft)/guard.generation/model",
                "guard/guard.attempt(draft)/guard.verification",
            ],
            Paths(listening));
        Assert.Equal(streaming, listening.Single("guard").GetTagItem("microscale.guard.streaming"));
    }

    [Fact]
    public async Task BufferedStream_IsAStream()
    {
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Model).AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.9))
            .VerifyWith(GuardedChain.Verifier)
            .RepairUpTo(1)
            .ConfigureAbstention(o => o.Streaming = StreamingMode.Buffered)).Build();

        await client.AskAsync(streaming: true);

        Assert.Equal(RepairedPaths.SkipLast(1), Paths(listening));
        Assert.Equal(true, listening.Single("guard").GetTagItem("microscale.guard.streaming"));
        Assert.Equal("repaired", listening.Single("guard").GetTagItem("microscale.guard.decision"));
    }

    [Fact]
    public async Task ManyRequestsAtOnce_AreTracesOfTheirOwn()
    {
        const int Count = 20;
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Model).Guarded(g => g.RepairUpTo(1));

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(async () =>
        {
            using var application = i % 4 < 2 ? Listening.Application.StartActivity("application") : null;
            await client.AskAsync(streaming: i % 2 == 0);
            Assert.Same(application, Activity.Current);
        })));

        var traces = listening.Activities.GroupBy(a => a.TraceId).ToList();
        Assert.Equal(Count, traces.Count);
        Assert.Equal(Count / 2, traces.Count(t => t.Any(a => a.OperationName == "application")));
        Assert.All(traces, trace =>
        {
            var expected = trace.Any(a => a.OperationName == "application")
                ? RepairedPaths.Select(p => "application/" + p).Prepend("application")
                : RepairedPaths;
            Assert.Equal(expected, listening.Paths(trace).Select(Neutral).Distinct());
            Assert.Single(trace, a => a.OperationName == "guard");
            Assert.Equal(2, trace.Count(a => a.OperationName == "guard.attempt"));
            Assert.Equal(2, trace.Count(a => a.OperationName == "guard.generation"));
        });
    }

    [Fact]
    public async Task Stream_ConsumersActivities_StayTheConsumers()
    {
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Model).Guarded(g => g.RepairUpTo(1));

        using (var application = Listening.Application.StartActivity("application")!)
        {
            await foreach (var update in client.GetStreamingResponseAsync(GuardedChain.Question))
            {
                Assert.Same(application, Activity.Current);
                using var consuming = Listening.Application.StartActivity("consuming");
                await Task.Yield();
            }

            Assert.Same(application, Activity.Current);
        }

        Assert.Equal(
            RepairedPaths.Select(p => "application/" + p).Append("application").Append("application/consuming").Order(StringComparer.Ordinal),
            Paths(listening));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GateStopsTheModel_IsNoError(bool scored)
    {
        using var listening = new Listening();
        using var model = new ScriptedChatClient(new ScriptedReply(GuardedChain.Wrong) { Hangs = true, FaultAfter = GuardedChain.FirstSentence });
        using var client = scored
            ? model.Guarded()
            : model.AsBuilder().UseHallucinationGuard(g => g.VerifyWith(GuardedChain.Verifier)).Build();

        await client.AskAsync(streaming: true);

        Assert.Equal(1, model.StreamsCut);
        var generation = listening.Single("guard.generation");
        Assert.Equal(true, generation.GetTagItem("microscale.guard.stopped"));
        Assert.Null(generation.GetTagItem("error.type"));
        Assert.All(listening.Activities, a => Assert.Null(a.GetTagItem("error.type")));
        Assert.Equal("abstained: contradicted", listening.Single("guard").StatusDescription);
        Assert.Equal("abstained", listening.Single("guard").GetTagItem("microscale.guard.decision"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task CallerCancels_IsNoError(bool streaming)
    {
        using var listening = new Listening();
        using var stop = new CancellationTokenSource();
        using var model = new ScriptedChatClient
        {
            Respond = _ =>
            {
                stop.Cancel();
                return new ScriptedReply(GuardedChain.Right) { Hangs = true };
            },
        };
        using var client = model.Guarded();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streaming
            ? client.GetStreamingResponseAsync(GuardedChain.Question, null, stop.Token).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync(GuardedChain.Question, null, stop.Token));

        Assert.NotNull(listening.Single("guard"));
        Assert.Equal(true, listening.Single("guard.generation").GetTagItem("microscale.guard.stopped"));
        Assert.All(listening.Activities, a => Assert.Equal(ActivityStatusCode.Unset, a.Status));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ModelFails_IsAnErrorOfAllItEnds(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient(new ScriptedReply(GuardedChain.Right) { Fault = new InvalidOperationException() }).Guarded();

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.AskAsync(streaming));

        foreach (var name in (string[])["guard", "guard.attempt", "guard.generation"])
        {
            Assert.Equal(ActivityStatusCode.Error, listening.Single(name).Status);
            Assert.Equal("System.InvalidOperationException", listening.Single(name).GetTagItem("error.type"));
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypass_IsOnTheGuard(bool streaming)
    {
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded();

        await client.AskAsync(streaming, new ChatOptions().BypassGuard("undisclosed"));

        Assert.Equal("delivered", listening.Single("guard").GetTagItem("microscale.guard.decision"));
        Assert.Equal("bypassed", listening.Single("guard").GetTagItem("microscale.guard.reason"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task GuardIsNotTraced_ApplicationsActivityIsLeftAlone(bool streaming)
    {
        using var tracer = Sdk.CreateTracerProviderBuilder().AddSource(Listening.Application.Name).Build();
        using var client = GuardedChain.Model.Guarded(g => g.RepairUpTo(1));
        using var application = Listening.Application.StartActivity("application")!;

        await client.AskAsync(streaming);

        Assert.Empty(application.TagObjects);
        Assert.Empty(application.Events);
    }

    /// <summary>The paths with one name for what the model does in both ways.</summary>
    private static IEnumerable<string> Paths(Listening listening) =>
        listening.Paths(listening.Activities).Select(Neutral).Distinct();

    private static string Neutral(string path) => path
        .Replace("guard.generation/call", "guard.generation/model", StringComparison.Ordinal)
        .Replace("guard.generation/read", "guard.generation/model", StringComparison.Ordinal);
}
