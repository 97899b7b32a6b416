using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microscale.Guard.Tests.Chain;

public class HallucinationGuardTests
{
    private static readonly Evidence Sky = new("sky", "The sky is blue. It has no end.") { Source = "Book of the sky", Url = new Uri("https://example.org/sky") };

    public static TheoryData<bool> Modes => [false, true];

    public static TheoryData<string, Misbehaviour, GuardReason, bool> Faults
    {
        get
        {
            var data = new TheoryData<string, Misbehaviour, GuardReason, bool>();
            foreach (var streaming in (bool[])[false, true])
            {
                foreach (var misbehaviour in Enum.GetValues<Misbehaviour>().Where(m => m != Misbehaviour.None))
                {
                    if (misbehaviour != Misbehaviour.Lies)
                    {
                        data.Add("source", misbehaviour, GuardReason.SourceFailed, streaming);
                    }

                    data.Add("scorer", misbehaviour, GuardReason.ScorerFailed, streaming);
                    data.Add("verifier", misbehaviour, GuardReason.VerifierFailed, streaming);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task SupportedAnswer_IsDeliveredWithACitation(bool streaming)
    {
        using var model = new ScriptedChatClient(new ScriptedReply("The sky is blue. It has no end.") { LogProbabilities = [-0.01] });
        using var client = Guard(model, Verdict.Supported);

        var response = await AskAsync(client, streaming);

        Assert.Equal("The sky is blue. It has no end.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Equal(2, report.Verdicts!.Count);
        Assert.Equal(0.9, report.Confidence!.Value);
        Assert.Equal("sky", Assert.Single(report.Evidence).Id);
        Assert.Equal(response.Text.Length, report.VerifiedLength);
        Assert.Equal(response.Text.Length, report.ScoredLength);
        var cited = response.Messages.SelectMany(m => m.Contents).OfType<TextContent>()
            .SelectMany(c => c.Annotations?.OfType<CitationAnnotation>().Select(a => (c.Text, Citation: a)) ?? []).ToList();
        Assert.NotEmpty(cited);
        Assert.All(cited, c =>
        {
            Assert.Equal("Book of the sky", c.Citation.Title);
            var region = Assert.IsType<TextSpanAnnotatedRegion>(Assert.Single(c.Citation.AnnotatedRegions!));
            Assert.Contains(c.Text[region.StartIndex!.Value..region.EndIndex!.Value].Trim(), "The sky is blue. It has no end.");
        });
        Assert.Equal("What colour is the sky?", Conversation.Question(model.Calls[0].Messages));
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task PartThatMisbehaves_LeadsToAbstention(string part, Misbehaviour misbehaviour, GuardReason expected, bool streaming)
    {
        var hangs = misbehaviour is Misbehaviour.Hangs or Misbehaviour.HangsForGood;
        TimeProvider ClockOf(string name) => hangs && part == name ? new ImpatientTimeProvider() : TimeProvider.System;
        Misbehaviour Of(string name) => part == name ? misbehaviour : Misbehaviour.None;
        using var model = new ScriptedChatClient("The sky is blue. It has no end.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource(Sky) { Misbehaviour = Of("source") })
            .ScoreWith(new ScriptedScorer(_ => 0.9) { Misbehaviour = Of("scorer") })
            .VerifyWith(new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Of("verifier") })
            .AbstainBelow(0.5)
            .ConfigureGrounding(o => o.TimeProvider = ClockOf("source"))
            .ConfigureConfidence(o => o.TimeProvider = ClockOf("scorer"))
            .ConfigureVerification(o => o.TimeProvider = ClockOf("verifier"))).Build();

        var response = await AskAsync(client, streaming);

        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal(expected, report.Reason);
        Assert.NotEmpty(report.Faults);
        Assert.DoesNotContain("blue", response.Text);
        Assert.DoesNotContain("no end", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task EmptySource_Abstains(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource()).VerifyWith(ScriptedVerifier.Always(Verdict.Supported))).Build();

        var response = await AskAsync(client, streaming);

        Assert.Equal(GuardReason.NoEvidence, response.GetGuardReport()!.Reason);
        Assert.Empty(model.Calls);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ScorerWithoutLogProbabilities_Abstains(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.1)).Build();

        var response = await AskAsync(client, streaming);

        Assert.Equal(GuardReason.ScorerFailed, response.GetGuardReport()!.Reason);
        Assert.DoesNotContain("blue", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ModelCancelledMidSentence_GivesNothingUnverified(bool streaming)
    {
        using var cancellation = new CancellationTokenSource();
        using var model = new ScriptedChatClient(new ScriptedReply("The sky is blue. It has no end.") { Hangs = true, FaultAfter = 24 });
        using var client = Guard(model, Verdict.Supported);
        var released = "";

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            if (!streaming)
            {
                var asking = client.GetResponseAsync("What colour is the sky?", cancellationToken: cancellation.Token);
                await cancellation.CancelAsync();
                released = (await asking).Text;
            }

            await foreach (var update in client.GetStreamingResponseAsync("What colour is the sky?", cancellationToken: cancellation.Token))
            {
                released += update.Text;
                if (released.Length > 0)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        Assert.True(released is "" or "The sky is blue.", released);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task CacheOutside_ReplaysTheReport(bool streaming)
    {
        using var model = new ScriptedChatClient(new ScriptedReply("The sky is blue.") { LogProbabilities = [-0.01] });
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using var client = Guard(model, Verdict.Supported).AsBuilder().UseDistributedCache(cache).Build();

        var first = await AskAsync(client, streaming);
        var second = await AskAsync(client, streaming);

        Assert.Single(model.Calls);
        Assert.Equal(first.Text, second.Text);
        var report = second.GetGuardReport()!;
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Equal("sky", Assert.Single(report.Evidence).Id);
        Assert.Equal(Verdict.Supported, Assert.Single(report.Verdicts!).Verdict);
        Assert.Contains(second.Messages.SelectMany(m => m.Contents).SelectMany(c => c.Annotations ?? []), a => a is CitationAnnotation);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ToolResult_IsEvidence_InsideAndOutsideOfFunctionInvocation(bool streaming)
    {
        foreach (var guardOutside in (bool[])[true, false])
        {
            using var model = new ScriptedChatClient(
                new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "sky")], FinishReason = ChatFinishReason.ToolCalls },
                "The sky is green.");
            var verifier = ScriptedVerifier.Always(Verdict.Supported);
            var builder = model.AsBuilder();
            builder = guardOutside
                ? builder.UseHallucinationGuard(g => g.VerifyWith(verifier)).UseFunctionInvocation()
                : builder.UseFunctionInvocation().UseHallucinationGuard(g => g.VerifyWith(verifier));
            using var client = builder.Build();

            var response = await AskAsync(client, streaming, new() { Tools = [AIFunctionFactory.Create(() => "It is green today.", "sky")] });

            Assert.EndsWith("The sky is green.", response.Text, StringComparison.Ordinal);
            Assert.Contains("green today", Assert.Single(Assert.Single(verifier.Contexts).Evidence).Text);
            Assert.Equal(GuardDecision.Delivered, response.GetGuardReport()!.Decision);
        }
    }

    [Fact]
    public async Task Escalation_IsGuardedToo()
    {
        using var model = new ScriptedChatClient("The sky is green.");
        using var larger = new ScriptedChatClient("The sky is red.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource(Sky))
            .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("blue", StringComparison.Ordinal) ? Verdict.Supported : Verdict.Contradicted))
            .EscalateTo(larger)).Build();

        var response = await AskAsync(client, streaming: false);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.Equal([GuardAttemptKind.Draft, GuardAttemptKind.Escalation], response.GetGuardReport()!.Attempts.Select(a => a.Kind));
        Assert.Single(larger.Calls);
    }

    [Fact]
    public async Task Guard_FromServices_Works()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddChatClient(new ScriptedChatClient("The sky is blue."))
            .UseHallucinationGuard(g => g.GroundWith(new ScriptedEvidenceSource(Sky)).VerifyWith(ScriptedVerifier.Always(Verdict.Supported)));
        services.AddKeyedChatClient("strict", new ScriptedChatClient("The sky is blue."), ServiceLifetime.Scoped)
            .UseHallucinationGuard(g => g.VerifyWith(ScriptedVerifier.Always(Verdict.Unverifiable)));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        var lenient = await AskAsync(provider.GetRequiredService<IChatClient>(), streaming: false);
        Assert.Equal(GuardDecision.Delivered, lenient.GetGuardReport()!.Decision);
        for (var i = 0; i < 2; i++)
        {
            await using var scope = provider.CreateAsyncScope();
            var strict = await AskAsync(scope.ServiceProvider.GetRequiredKeyedService<IChatClient>("strict"), streaming: false);
            Assert.Equal(GuardReason.NoEvidence, strict.GetGuardReport()!.Reason);
        }
    }

    [Fact]
    public async Task Guard_AskedConcurrently_KeepsRequestsApart()
    {
        using var model = new ScriptedChatClient { Respond = call => Conversation.Question(call.Messages) + " is supported." };
        using var client = model.AsBuilder().UseHallucinationGuard(g => g
            .GroundWith(new ScriptedEvidenceSource(Sky)).VerifyWith(ScriptedVerifier.Always(Verdict.Supported))).Build();

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i => i % 2 == 0
            ? await client.GetResponseAsync($"Q{i}")
            : await client.GetStreamingResponseAsync($"Q{i}").ToChatResponseAsync()));

        Assert.All(responses.Index(), r =>
        {
            Assert.Equal($"Q{r.Index} is supported.", r.Item.Text);
            Assert.Equal(GuardDecision.Delivered, r.Item.GetGuardReport()!.Decision);
        });
    }

    [Fact]
    public void Guard_ThatMakesNoSense_SaysWhatToChange()
    {
        var verifier = ScriptedVerifier.Always(Verdict.Supported);
        var scorer = new ScriptedScorer(_ => 1);

        Assert.Contains("nothing to decide by", Rejected(_ => { }));
        Assert.Contains("nothing to decide by", Rejected(g => g.ScoreWith(scorer)));
        Assert.Contains("AbstainBelow needs a confidence", Rejected(g => g.VerifyWith(verifier).AbstainBelow(0.5)));
        Assert.Contains("contradict each other", Rejected(g => g.VerifyWith(verifier).ScoreWith(scorer).AbstainBelow(0.5).AbstainBy(new VerdictPolicy())));
        Assert.Contains("needs verdicts", Rejected(g => g.ScoreWith(scorer).AbstainBy(new VerdictPolicy())));
        Assert.Contains("called twice", Rejected(g => g.ScoreWith(scorer).ScoreWith(scorer)));
        Assert.Contains("between 0 and 10", Rejected(g => g.VerifyWith(verifier).RepairUpTo(-1)));

        static string Rejected(Action<HallucinationGuardBuilder> configure) => Assert.Throws<InvalidOperationException>(
            () => new ScriptedChatClient("x").AsBuilder().UseHallucinationGuard(configure)).Message;
    }

    private static IChatClient Guard(IChatClient model, Verdict verdict) => model.AsBuilder().UseHallucinationGuard(guard => guard
        .GroundWith(new ScriptedEvidenceSource(Sky))
        .ScoreWith(new ScriptedScorer(_ => 0.9))
        .VerifyWith(new CitingVerifier(verdict))
        .AbstainBelow(0.5)).Build();

    private static Task<ChatResponse> AskAsync(IChatClient client, bool streaming, ChatOptions? options = null) => streaming
        ? client.GetStreamingResponseAsync("What colour is the sky?", options).ToChatResponseAsync()
        : client.GetResponseAsync("What colour is the sky?", options);

    /// <summary>Names the first piece of evidence with each verdict.</summary>
    private sealed class CitingVerifier(Verdict verdict) : IClaimVerifier
    {
        public string Name => "citing";

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
            new([.. context.Claims.Select(_ => new VerifierFinding(Name, verdict) { Score = 0.9, EvidenceId = context.Evidence[0].Id })]);
    }
}
