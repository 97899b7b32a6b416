using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Microscale.Guard.Tests.Abstention;

public sealed class GuardOverridesTests : IDisposable
{
    private const string Question = "What colour is the sky?";

    private readonly ScriptedChatClient _model = new("The sky is blue.");
    private readonly ScriptedEvidenceSource _source = new(JudgingChatClient.Sky);
    private readonly ScriptedVerifier _verifier = ScriptedVerifier.Always(Verdict.Supported);
    private readonly FakeLogCollector _log = new();

    public static TheoryData<bool> Modes => [false, true];

    public void Dispose() => _model.Dispose();

    [Theory, MemberData(nameof(Modes))]
    public async Task MinimumConfidence_ReplacesTheThreshold(bool streaming)
    {
        using var client = Guard();

        // The guard asks for 0.5, the score is 0.7.
        Assert.Equal(GuardDecision.Delivered, (await AskAsync(client, streaming, _ => { })).Decision);
        var strict = await AskAsync(client, streaming, g => g.MinimumConfidence = 0.8);
        Assert.Equal(GuardReason.LowConfidence, strict.Reason);
        Assert.Contains("below 0.80", strict.Explanation);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task MinimumConfidence_BelowTheThreshold_LowersIt(bool streaming)
    {
        using var client = Guard(g => g.AbstainBelow(0.9));

        Assert.Equal(GuardReason.LowConfidence, (await AskAsync(client, streaming, _ => { })).Reason);
        Assert.Equal(GuardDecision.Delivered, (await AskAsync(client, streaming, g => g.MinimumConfidence = 0.6)).Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task MinimumConfidence_WhereThereIsNoThreshold_IsAdded(bool streaming)
    {
        using var client = new ScriptedChatClient("The sky is blue.").AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.7)).VerifyWith(ScriptedVerifier.Always(Verdict.Contradicted))).Build();

        Assert.Equal(GuardReason.Contradicted, (await AskAsync(client, streaming, g => g.MinimumConfidence = 0.1)).Reason);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Policy_IsChosenByName(bool streaming)
    {
        using var client = Guard(g => g.ConfigureAbstention(o => o.NamedPolicies["never"] =
            AbstentionPolicy.FromDelegate(GuardParts.None, _ => new(GuardReason.LowConfidence, "never"))));

        Assert.Equal("never", (await AskAsync(client, streaming, g => g.Policy = "never")).Explanation);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(client, streaming, g => g.Policy = "other"));
        Assert.Contains("'other', but AbstentionOptions.NamedPolicies holds never", exception.Message);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Attempts_AreAsManyAsTheRequestWants(bool streaming)
    {
        using var larger = new ScriptedChatClient("The sky is red.");
        using var model = new ScriptedChatClient("The sky is green.");
        using var client = model.AsBuilder().UseHallucinationGuard(g => g
            .VerifyWith(ScriptedVerifier.Always(Verdict.Contradicted)).RepairUpTo(1).EscalateTo(larger)).Build();

        var report = await AskAsync(client, streaming, g => (g.MaxRepairs, g.MaxCandidates, g.Escalate) = (2, 1, false));

        Assert.Equal(
            [GuardAttemptKind.Draft, GuardAttemptKind.Candidate, GuardAttemptKind.Repair, GuardAttemptKind.Repair],
            report.Attempts.Select(a => a.Kind));
        Assert.Empty(larger.Calls);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Ground_Off_SeeksNoEvidence(bool streaming)
    {
        using var client = Guard();

        var report = await AskAsync(client, streaming, g => g.Ground = false);

        Assert.Empty(_source.Queries);
        Assert.Empty(report.Evidence);
        Assert.Equal(GuardDecision.Delivered, report.Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task VerifyOrScore_Off_WithholdsWhereThePolicyNeedsThem(bool streaming)
    {
        using var client = Guard(g => g.ConfigureAbstention(o => o.NamedPolicies["verdicts"] = new VerdictPolicy()));

        Assert.Equal(GuardReason.VerifierFailed, (await AskAsync(client, streaming, g => g.Verify = false)).Reason);
        Assert.Empty(_verifier.Contexts);
        Assert.Equal(GuardReason.ScorerFailed, (await AskAsync(client, streaming, g => g.Score = false)).Reason);

        var report = await AskAsync(client, streaming, g => (g.Score, g.Policy) = (false, "verdicts"));
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Null(report.Confidence);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Language_WritesTheAbstentionInIt(bool streaming)
    {
        using var client = Guard();
        var options = new ChatOptions().WithGuard(g => (g.MinimumConfidence, g.Language) = (0.9, "de"));

        var text = streaming
            ? (await client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync()).Text
            : (await client.GetResponseAsync(Question, options)).Text;

        Assert.StartsWith("Ich bin mir einer Antwort nicht sicher genug", text, StringComparison.Ordinal);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(client, streaming, g => g.Language = "xx"));
        Assert.Contains("holds en, de", exception.Message);
    }

    [Fact]
    public void WithGuard_CalledAgain_AddsTo_AndSurvivesClonesAndJson()
    {
        var options = new ChatOptions().WithGuard(g => g.MinimumConfidence = 0.9).WithGuard(g => g.MaxRepairs = 2);
        var clone = options.Clone();
        clone.WithGuard(g => g.MaxRepairs = 3);
        var read = JsonSerializer.Deserialize<ChatOptions>(JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions);

        Assert.Equal((0.9, 2), (GuardOverrides.Read(options)!.MinimumConfidence, GuardOverrides.Read(options)!.MaxRepairs));
        Assert.Equal((0.9, 3), (GuardOverrides.Read(clone)!.MinimumConfidence, GuardOverrides.Read(clone)!.MaxRepairs));
        Assert.Equal((0.9, 2), (GuardOverrides.Read(read)!.MinimumConfidence, GuardOverrides.Read(read)!.MaxRepairs));
        Assert.Null(GuardOverrides.Read(new()));
    }

    [Fact]
    public void WithGuard_ThatCannotBe_SaysWhatToChange()
    {
        Assert.Contains("set it from 0 to 1", Assert.Throws<ArgumentException>(() => new ChatOptions().WithGuard(g => g.MinimumConfidence = 60)).Message);
        Assert.Contains("MaxRepairs is 11", Assert.Throws<ArgumentException>(() => new ChatOptions().WithGuard(g => g.MaxRepairs = 11)).Message);
        var broken = new ChatOptions { AdditionalProperties = new() { [GuardPropertyNames.Overrides] = 7 } };
        Assert.Contains("set it by that method only", Assert.Throws<InvalidOperationException>(() => GuardOverrides.Read(broken)).Message);
    }

    [Fact]
    public async Task CacheOutside_KeepsRequestsWithOtherOverridesApart()
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using var client = Guard().AsBuilder().UseDistributedCache(cache).Build();

        Assert.Equal(GuardReason.LowConfidence, (await AskAsync(client, false, g => g.MinimumConfidence = 0.9)).Reason);
        Assert.Equal(GuardReason.LowConfidence, (await AskAsync(client, false, g => g.MinimumConfidence = 0.9)).Reason);
        Assert.Equal(GuardDecision.Delivered, (await AskAsync(client, false, g => g.MinimumConfidence = 0.2)).Decision);
        Assert.Equal(2, _model.Calls.Count);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypass_IsAudited(bool streaming)
    {
        using var client = Logged(o => o.Policy = new ConfidenceThresholdPolicy(1));

        var report = await AskAsync(client, streaming, new ChatOptions().BypassGuard("incident 4711"));

        Assert.Equal((GuardDecision.Delivered, GuardReason.Bypassed, "incident 4711"), (report.Decision, report.Reason, report.Explanation));
        var record = Assert.Single(_log.GetSnapshot(), r => r.Level == LogLevel.Warning);
        Assert.Contains("incident 4711", record.Message);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypass_WhereItIsNotAllowed_IsJudgedAllTheSame(bool streaming)
    {
        using var client = Logged(o => (o.Policy, o.AllowBypass) = (new ConfidenceThresholdPolicy(1), false));

        var report = await AskAsync(client, streaming, new ChatOptions().BypassGuard("curious"));

        Assert.Equal(GuardReason.LowConfidence, report.Reason);
        Assert.Contains("does not allow it: curious", Assert.Single(_log.GetSnapshot(), r => r.Level == LogLevel.Warning).Message);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task PolicySelector_AsksOnlyWhatTheChosenPolicyNeeds(bool streaming)
    {
        var selector = new PolicySelector(
            r => r.Options?.AdditionalProperties?.GetValueOrDefault("tenant") as string,
            new Dictionary<string, IAbstentionPolicy> { ["fast"] = new ConfidenceThresholdPolicy(0.5) },
            new VerdictPolicy());
        using var inner = new JudgingChatClient(new ScriptedChatClient("The sky is blue."), t => JudgingChatClient.Words(t) with { Verdicts = null, VerifiedLength = 0 });
        using var client = new AbstentionChatClient(inner, new() { Policy = selector });

        var fast = await AskAsync(client, streaming, new ChatOptions { AdditionalProperties = new() { ["tenant"] = "fast" } });
        var other = await AskAsync(client, streaming, new ChatOptions());

        Assert.Equal(GuardDecision.Delivered, fast.Decision);
        Assert.Equal(GuardReason.VerifierFailed, other.Reason);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task PolicySelector_ThatThrows_Withholds(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue.");
        using var client = new AbstentionChatClient(inner, new()
        {
            Policy = new PolicySelector(_ => throw new InvalidOperationException("broken"), new Dictionary<string, IAbstentionPolicy>(), new VerdictPolicy()),
        });

        var report = await AskAsync(client, streaming, new ChatOptions());

        Assert.Equal((GuardReason.PolicyFailed, "broken"), (report.Reason, report.Explanation));
    }

    private IChatClient Guard(Action<HallucinationGuardBuilder>? configure = null) => _model.AsBuilder().UseHallucinationGuard(guard =>
    {
        guard.GroundWith(_source).VerifyWith(_verifier).ScoreWith(new ScriptedScorer(_ => 0.7)).AbstainBelow(0.5);
        configure?.Invoke(guard);
    }).Build();

    private AbstentionChatClient Logged(Action<AbstentionOptions> configure)
    {
        var options = new AbstentionOptions();
        configure(options);
        return new(JudgingChatClient.ByWords("The sky is blue."), options, LoggerFactory.Create(b => b.AddProvider(new FakeLoggerProvider(_log))));
    }

    private static Task<GuardReport> AskAsync(IChatClient client, bool streaming, Action<GuardOverrides> configure) =>
        AskAsync(client, streaming, new ChatOptions().WithGuard(configure));

    private static async Task<GuardReport> AskAsync(IChatClient client, bool streaming, ChatOptions options)
    {
        var response = streaming
            ? await client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync()
            : await client.GetResponseAsync(Question, options);
        var report = response.GetGuardReport()!;
        Assert.Equal(report.Decision != GuardDecision.Abstained, response.Text.Contains("blue", StringComparison.Ordinal));
        return report;
    }
}
