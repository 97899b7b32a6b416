using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Microscale.Guard.Tests.Verification;

public class VerdictCacheTests
{
    private const string Answer = "Paris is big. Rome is old.";

    public static TheoryData<Misbehaviour, Misbehaviour, string> Faults
    {
        get
        {
            var data = new TheoryData<Misbehaviour, Misbehaviour, string>();
            foreach (var (misbehaviour, error) in new[]
            {
                (Misbehaviour.Throws, "System.InvalidOperationException"), (Misbehaviour.Hangs, "timeout"), (Misbehaviour.HangsForGood, "timeout"),
            })
            {
                data.Add(misbehaviour, Misbehaviour.None, error);
                data.Add(Misbehaviour.None, misbehaviour, error);
            }

            return data;
        }
    }

    [Fact]
    public async Task SecondRequest_SameClaims_IsNotVerifiedAgain()
    {
        using var services = Caching();
        var verifier = Verifier();
        using var client = Guard(verifier, services.GetRequiredService<HybridCache>());

        var first = await AskAsync(client);
        var second = await AskAsync(client);

        Assert.Single(verifier.Contexts);
        Assert.All(first.Verdicts!, v => Assert.False(v.Decisive!.IsCached));
        Assert.All(second.Verdicts!, v => Assert.True(v.Decisive!.IsCached));
        Assert.Equal(first.Verdicts!.Select(v => (v.Claim.Text, v.Verdict, v.Decisive!.Score)), second.Verdicts!.Select(v => (v.Claim.Text, v.Verdict, v.Decisive!.Score)));
        Assert.Equal([Verdict.Supported, Verdict.Contradicted], second.Verdicts!.Select(v => v.Verdict));
        Assert.Empty(second.Faults);
    }

    [Fact]
    public async Task NewClaimAmongKnownOnes_AloneIsVerified()
    {
        using var services = Caching();
        var verifier = Verifier();
        var cache = services.GetRequiredService<HybridCache>();
        using var client = Guard(verifier, cache);
        using var other = Guard(verifier, cache, "Paris is big. Madrid is hot.");

        await AskAsync(client);
        var report = await AskAsync(other);

        Assert.EndsWith("Madrid is hot.", Assert.Single(verifier.Contexts[^1].Claims).Text, StringComparison.Ordinal);
        Assert.Equal([true, false], report.Verdicts!.Select(v => v.Decisive!.IsCached));
    }

    [Theory]
    [InlineData("evidence")]
    [InlineData("question")]
    [InlineData("fingerprint")]
    [InlineData("source")]
    public async Task OtherBasis_IsVerifiedAgain(string what)
    {
        using var services = Caching();
        var cache = services.GetRequiredService<HybridCache>();
        using var client = Guard(Verifier(), cache);
        await AskAsync(client);
        var verifier = Verifier(what == "fingerprint" ? "other" : "1");
        using var other = Guard(verifier, cache);

        await AskAsync(other, what == "question" ? "And?" : "What?", what == "evidence" ? "Rome is new." : "Paris is big.", what == "source" ? "b" : "a");

        Assert.Single(verifier.Contexts);
    }

    [Fact]
    public async Task VerifierWithoutCacheKey_IsAlwaysAsked()
    {
        using var services = Caching();
        var verifier = Verifier(null);
        using var client = Guard(verifier, services.GetRequiredService<HybridCache>());

        await AskAsync(client);
        await AskAsync(client);

        Assert.Equal(2, verifier.Contexts.Count);
    }

    [Fact]
    public async Task VerifierThatHasNoOpinion_IsNotAskedAgain()
    {
        using var services = Caching();
        var verifier = new ScriptedVerifier(_ => null) { CacheKey = "1" };
        using var client = Guard(verifier, services.GetRequiredService<HybridCache>());

        await AskAsync(client);
        var report = await AskAsync(client);

        Assert.Single(verifier.Contexts);
        Assert.All(report.Verdicts!, v => Assert.Equal(Verdict.Unverifiable, v.Verdict));
    }

    [Fact]
    public async Task VerifierThatFailed_IsAskedAgain()
    {
        using var services = Caching();
        var cache = services.GetRequiredService<HybridCache>();
        using var broken = Guard(new ScriptedVerifier(_ => Verdict.Supported) { CacheKey = "1", Misbehaviour = Misbehaviour.Lies }, cache);
        using var client = Guard(Verifier(), cache);

        var failed = await AskAsync(broken);
        var report = await AskAsync(client);

        Assert.All(failed.Verdicts!, v => Assert.True(v.VerifierFailed));
        Assert.Equal([Verdict.Supported, Verdict.Contradicted], report.Verdicts!.Select(v => v.Verdict));
    }

    [Fact]
    public async Task EvidenceWithAnotherId_IsCitedByItsOwn()
    {
        using var services = Caching();
        var cache = services.GetRequiredService<HybridCache>();
        var verifier = new CitingVerifier();
        using var client = Guard(verifier, cache);

        var first = await AskAsync(client, id: "call-1");
        var second = await AskAsync(client, id: "call-2");

        Assert.All(first.Verdicts!, v => Assert.Equal("call-1", v.Decisive!.EvidenceId));
        Assert.All(second.Verdicts!, v => Assert.Equal(("call-2", true), (v.Decisive!.EvidenceId, v.Decisive.IsCached)));
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task CacheThatFails_IsLeftAndReported(Misbehaviour whenRead, Misbehaviour whenWritten, string error)
    {
        var cache = new ScriptedHybridCache { WhenRead = whenRead, WhenWritten = whenWritten };
        var verifier = Verifier();
        using var client = Guard(verifier, cache, time: error == "timeout" ? new CacheTimeProvider() : TimeProvider.System);

        var report = await AskAsync(client);

        Assert.Equal([Verdict.Supported, Verdict.Contradicted], report.Verdicts!.Select(v => v.Verdict));
        Assert.Single(verifier.Contexts);
        Assert.Equal(("verdict_cache", error), (Assert.Single(report.Faults).Component, report.Faults[0].ErrorType));
        Assert.All(report.Verdicts!, v => Assert.False(v.VerifierFailed));
    }

    [Fact]
    public async Task Stream_CacheThatFails_IsAskedOnce()
    {
        var cache = new ScriptedHybridCache { WhenRead = Misbehaviour.Throws };
        using var client = Guard(Verifier(), cache, "Paris is big. Paris is big.");

        var response = await client.GetStreamingResponseAsync(Question("What?", "Paris is big.", "e1", "a")).ToChatResponseAsync();

        Assert.Equal(1, cache.Reads);
        Assert.All(response.GetGuardReport()!.Verdicts!, v => Assert.Equal(Verdict.Supported, v.Verdict));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"verdict":"Supporte","score":1}""")]
    [InlineData("""{"verdict":7,"score":1}""")]
    [InlineData("""{"verdict":"Supported","score":7}""")]
    [InlineData("""{"verdict":"Supported","score":1,"passage":3}""")]
    [InlineData("""{"verdict":"Supported","score":1,"passage":-1}""")]
    public async Task Garbage_IsNoVerdict(string content)
    {
        var verifier = ScriptedVerifier(Verdict.Contradicted);
        using var client = Guard(verifier, new ScriptedHybridCache(content));

        var report = await AskAsync(client);

        Assert.Single(verifier.Contexts);
        Assert.All(report.Verdicts!, v => Assert.Equal(Verdict.Contradicted, v.Verdict));

        static ScriptedVerifier ScriptedVerifier(Verdict verdict) => new(_ => verdict) { CacheKey = "1" };
    }

    [Fact]
    public async Task Hits_AreCountedAndLinkedToWhatMadeThem()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is GuardTelemetryNames.Source or nameof(VerdictCacheTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var hits = new MetricCollector<long>(null, GuardTelemetryNames.Source, GuardTelemetryNames.Instruments.VerdictCacheHits);
        using var source = new ActivitySource(nameof(VerdictCacheTests));
        using var services = Caching();
        var name = Guid.NewGuid().ToString();
        using var client = Guard(new ScriptedVerifier(_ => Verdict.Supported, name) { CacheKey = "1" }, services.GetRequiredService<HybridCache>());
        List<Activity> verifications = [];
        listener.ActivityStopped = a =>
        {
            if (a.OperationName == GuardTelemetryNames.Activities.Verification)
            {
                lock (verifications)
                {
                    verifications.Add(a);
                }
            }
        };

        using var one = source.StartActivity("one");
        await AskAsync(client);
        one!.Stop();
        using var two = source.StartActivity("two");
        var report = await AskAsync(client);
        two!.Stop();

        Activity Of(Activity root) => Assert.Single(verifications, a => a.TraceId == root.TraceId);
        var made = Of(one);
        var link = Assert.Single(Of(two).Links).Context;
        Assert.Equal((made.TraceId, made.SpanId), (link.TraceId, link.SpanId));
        Assert.Empty(made.Links);
        Assert.All(report.Verdicts!, v => Assert.Equal(made.Id, v.Decisive!.MadeIn));
        Assert.Equal(2, hits.GetMeasurementSnapshot().Where(m => m.Tags[GuardTelemetryNames.Attributes.Verifier] is string verifier && verifier == name).Sum(m => m.Value));
    }

    private static ServiceProvider Caching()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }

    internal static ScriptedVerifier Verifier(string? fingerprint = "1") =>
        new(c => c.Text.Contains("Rome", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported) { CacheKey = fingerprint };

    internal static VerificationChatClient Guard(IClaimVerifier verifier, HybridCache cache, string answer = Answer, TimeProvider? time = null) =>
        new(new ScriptedChatClient(answer), [verifier], new() { VerdictCache = cache, TimeProvider = time ?? TimeProvider.System, VerdictCacheTimeout = TimeSpan.FromMinutes(1) });

    internal static async Task<GuardReport> AskAsync(
        VerificationChatClient client, string question = "What?", string evidence = "Paris is big.", string source = "a", string id = "e1") =>
        (await client.GetResponseAsync(Question(question, evidence, id, source))).GetGuardReport()!;

    private static ChatMessage[] Question(string question, string evidence, string id, string source) =>
        [new(ChatRole.User, [new TextContent(question), new TextContent(evidence).AsEvidence(id, source)])];

    /// <summary>Due at once is only what waits for the cache.</summary>
    private sealed class CacheTimeProvider : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromMinutes(1) ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }

    private sealed class CitingVerifier : IClaimVerifier
    {
        public string Name => "citing";

        public string CacheKey => "1";

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
            new([.. context.Claims.Select(_ => new VerifierFinding(Name, Verdict.Supported) { EvidenceId = context.Evidence[0].Id })]);
    }
}
