using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Microscale.Guard.OpenTelemetry.Tests;

public sealed class WithheldTraceProcessorTests : IDisposable
{
    private readonly List<Activity> _exported = [];
    private TracerProvider? _provider;

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task NothingIsSampled_OnlyWithheldTracesAreExported_Whole(bool streaming)
    {
        Start(new ParentBasedSampler(new AlwaysOffSampler()));
        using var withheld = new TracedModel(GuardedChain.Wrong).Guarded();
        using var delivered = new TracedModel(GuardedChain.Right).Guarded();

        await AskInApplicationAsync(delivered, streaming);
        var trace = await AskInApplicationAsync(withheld, streaming);
        await AskInApplicationAsync(delivered, streaming);

        Assert.All(_exported, a => Assert.Equal(trace, a.TraceId));
        Assert.All(_exported, a => Assert.True(a.Recorded));
        Assert.Superset(
            new HashSet<string> { "application", "guard", "guard.retrieval", "guard.attempt", "guard.generation", "guard.verification" },
            _exported.Select(a => a.OperationName).ToHashSet());
        Assert.Equal(_exported.Count, _exported.DistinctBy(a => a.SpanId).Count());
        Assert.All(_exported.Where(a => a.OperationName != "application"), a => Assert.Contains(_exported, p => p.SpanId == a.ParentSpanId));
    }

    [Fact]
    public async Task HeadSampler_KeepsItsShare_AndNoAbstentionIsLost()
    {
        const int Requests = 200;
        Start(new TraceIdRatioBasedSampler(0.1));
        using var model = new ScriptedChatClient { Respond = call => call.Messages[^1].Text.EndsWith("7?", StringComparison.Ordinal) ? GuardedChain.Wrong : GuardedChain.Right };
        using var client = model.AsBuilder().UseHallucinationGuard(g => g.VerifyWith(GuardedChain.Verifier)).Build();

        await Parallel.ForAsync(0, Requests, async (i, stop) => await client.GetResponseAsync($"Number {i}?", null, stop));

        var guards = _exported.Where(a => a.OperationName == "guard").ToList();
        Assert.Equal(Requests / 10, guards.Count(WithheldTraceProcessor.IsWithheld));
        Assert.InRange(guards.Count(g => !WithheldTraceProcessor.IsWithheld(g)), 1, Requests / 2);
        Assert.All(guards, g => Assert.Equal(4, _exported.Count(a => a.TraceId == g.TraceId)));
    }

    [Fact]
    public async Task ParentThatNobodyRecords_ChangesNothing()
    {
        Start(new ParentBasedSampler(new AlwaysOffSampler()));
        using var withheld = new ScriptedChatClient(GuardedChain.Wrong).Guarded();
        using var delivered = new ScriptedChatClient(GuardedChain.Right).Guarded();

        using (var unseen = new Activity("unseen").Start())
        {
            await delivered.AskAsync(streaming: false);
            await withheld.AskAsync(streaming: false);
        }

        Assert.Single(_exported, a => a.OperationName == "guard");
        Assert.Equal(6, _exported.Count);
    }

    [Fact]
    public async Task LaterActivitiesOfAKeptTrace_AreExported()
    {
        Start(new AlwaysOffSampler());
        using var client = new ScriptedChatClient(GuardedChain.Wrong).Guarded();

        using (Listening.Application.StartActivity("application"))
        {
            await client.AskAsync(streaming: false);
            using var later = Listening.Application.StartActivity("later");
        }

        Assert.Contains(_exported, a => a.OperationName == "later");
        Assert.Contains(_exported, a => a.OperationName == "application");
    }

    [Fact]
    public void LongTrace_HoldsTheLatestActivities()
    {
        Start(new AlwaysOffSampler(), o => (o.MaxActivities, o.IsKept) = (3, a => a.OperationName == "application"));

        using (Listening.Application.StartActivity("application"))
        {
            for (var i = 0; i < 10; i++)
            {
                Listening.Application.StartActivity($"part {i}")!.Dispose();
            }
        }

        Assert.Equal(["part 7", "part 8", "part 9", "application"], _exported.Select(a => a.OperationName));
    }

    [Fact]
    public void ManyTraces_TheOldestIsGivenUp()
    {
        Start(new AlwaysOffSampler(), o => (o.MaxTraces, o.IsKept) = (2, _ => true));
        Activity.Current = null;
        var running = Enumerable.Range(0, 3).Select(i =>
        {
            Activity.Current = null;
            return Listening.Application.StartActivity($"trace {i}")!;
        }).ToList();

        running.ForEach(a => a.Dispose());

        Assert.Equal(["trace 1", "trace 2"], _exported.Select(a => a.OperationName));
    }

    [Fact]
    public void PredicateThatThrows_BreaksNothing()
    {
        Start(new AlwaysOffSampler(), o => o.IsKept = _ => throw new InvalidOperationException());

        Listening.Application.StartActivity("application")!.Dispose();

        Assert.Empty(_exported);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Options_OutOfRange_AreRefused(int traces, int activities) => Assert.Contains(
        nameof(WithheldTraceOptions.MaxTraces),
        Assert.Throws<ArgumentException>(() => Start(new AlwaysOffSampler(), o => (o.MaxTraces, o.MaxActivities) = (traces, activities))).Message,
        StringComparison.Ordinal);

    public void Dispose() => _provider?.Dispose();

    private void Start(Sampler sampler, Action<WithheldTraceOptions>? configure = null) => _provider = Sdk.CreateTracerProviderBuilder()
        .AddSource(Listening.Application.Name)
        .AddMicroscaleGuardInstrumentation()
        .KeepWithheldTraces(sampler, new SimpleActivityExportProcessor(new InMemoryExporter<Activity>(_exported)), configure)
        .Build();

    private static async Task<ActivityTraceId> AskInApplicationAsync(IChatClient client, bool streaming)
    {
        using var application = Listening.Application.StartActivity("application")!;
        await client.AskAsync(streaming);
        return application.TraceId;
    }
}
