using Microscale.Guard.Testing;
using Microscale.Guard.Tests.Calibration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Microscale.Guard.Tests.Chain;

/// <summary>The guard from configuration, from services, and by calibrations.</summary>
public class GuardRegistrationTests
{
    private static readonly ScriptedScorer Scorer = new(_ => 0.7);

    [Fact]
    public async Task Configure_BindsEachPart()
    {
        using var model = new ScriptedChatClient("This is wrong.");
        using var client = model.AsBuilder().UseHallucinationGuard(g => g.VerifyWith(ScriptedVerifier.Always(Verdict.Contradicted)).Configure(Section(
            ("Abstention:MaxRepairs", "2"),
            ("Abstention:Streaming", "Buffered"),
            ("Abstention:KeepDraft", "true"),
            ("Abstention:MaxExtraTime", "00:00:30"),
            ("Abstention:Language", "fr"),
            ("Abstention:Templates:fr:Contradicted", "Je ne peux pas répondre."),
            ("Grounding:MaxEvidence", "7"),
            ("Grounding:Timeout", "00:00:03"),
            ("Confidence:TopAlternatives", "3"),
            ("Verification:VerifierTimeout", "00:00:04")))).Build();

        var response = await client.GetResponseAsync("What?");

        var report = response.GetGuardReport()!;
        Assert.Equal(3, report.Attempts.Count);
        Assert.Equal("This is wrong.", report.WithheldDraft);
        Assert.StartsWith("Je ne peux pas répondre.", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_Threshold_Decides()
    {
        using var client = new ScriptedChatClient("Blue.").AsBuilder()
            .UseHallucinationGuard(g => g.ScoreWith(Scorer).Configure(Section(("AbstainBelow", "0.8")))).Build();

        Assert.Contains("below 0.80", (await client.GetResponseAsync("What?")).GetGuardReport()!.Explanation);
    }

    [Fact]
    public async Task Configure_Calibration_IsReadFromItsFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Labelled.Artefact().Save(path);
            using var byRate = Client(("Calibration:File", path), ("Calibration:ErrorRate", "0.05"));
            Assert.Equal(0.05, Assert.IsType<RiskControlledPolicy>(byRate.GetService<IAbstentionPolicy>()).Guarantee.ErrorRate);
            Assert.Equal(GuardDecision.Delivered, (await byRate.GetResponseAsync("What?")).GetGuardReport()!.Decision);

            using var byCost = Client(("Calibration:File", path), ("Calibration:CostOfWrongAnswer", "4"), ("Calibration:CostOfSilence", "1"));
            Assert.Equal(0.75, Assert.IsType<CostPolicy>(byCost.GetService<IAbstentionPolicy>()).MinimumProbability);

            Assert.Contains("either ErrorRate", Rejected(("Calibration:File", path)));
            Assert.Contains("infeasible", Rejected(("Calibration:File", path), ("Calibration:ErrorRate", "0.01")));
            Assert.Contains("Calibration:File is not set", Rejected(("Calibration:ErrorRate", "0.05")));
        }
        finally
        {
            File.Delete(path);
        }

        static IChatClient Client(params (string, string)[] settings) => new ScriptedChatClient("Blue.").AsBuilder()
            .UseHallucinationGuard(g => g.ScoreWith(Scorer).Configure(Section(settings))).Build();
    }

    [Fact]
    public void Configure_WhatCannotBe_IsFoundAtRegistration()
    {
        Assert.Contains("MaxRepair", Rejected(("Abstention:MaxRepair", "1")));
        Assert.Contains("Abstain", Rejected(("AbstainBelo", "0.5")));
        Assert.Contains("'many'", Rejected(("Abstention:MaxRepairs", "many")));
        Assert.Contains("between 0 and 10", Rejected(("Abstention:MaxRepairs", "11")));
        Assert.Contains("Language is 'xx'", Rejected(("Abstention:Language", "xx")));
        Assert.Contains("'fr'", Rejected(("Abstention:Templates:fr:Known", "no place")));
        Assert.Contains("MaxEvidence is out of range", Assert.Throws<ArgumentException>(() => Register(Section(("Grounding:MaxEvidence", "0")))).Message);
        Assert.Contains("TopAlternatives is 99", Assert.Throws<ArgumentException>(() => Register(Section(("Confidence:TopAlternatives", "99")))).Message);
        Assert.Contains("has no section 'Guard'", Assert.Throws<InvalidOperationException>(() => Register(Section())).Message);
    }

    [Fact]
    public async Task AbstainToMeet_DeliversFromTheThresholdOn()
    {
        var artefact = Labelled.Artefact();
        using var model = new ScriptedChatClient { Respond = c => c.Messages[^1].Text };
        using var client = model.AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(text => text == "sure" ? 0.45 : 0.3)).AbstainToMeet(0.05, artefact)).Build();

        Assert.Equal("sure", (await client.GetResponseAsync("sure")).Text);
        var unsure = (await client.GetResponseAsync("unsure")).GetGuardReport()!;
        Assert.Equal(GuardReason.LowConfidence, unsure.Reason);
        Assert.Contains("an error rate of 0.05", unsure.Explanation);
        Assert.Equal(2, client.GetService<DriftMonitor>()!.Status.Count);
        Assert.Same(artefact, Assert.IsType<RiskControlledPolicy>(client.GetService<IAbstentionPolicy>()).Calibration);
    }

    [Fact]
    public async Task AbstainToMeet_Stream_IsDecidedAtItsEnd_ButStopsOnAWrongClaim()
    {
        using var inner = Abstention.JudgingChatClient.ByWords("The sky is blue. This is a lie. More to come, and more.");
        using var client = new AbstentionChatClient(inner, new()
        {
            Policy = new AllOfPolicy(new VerdictPolicy(), new RiskControlledPolicy(Labelled.Artefact(new("fixed", "scripted", null)), 0.05)),
        });

        var response = await client.GetStreamingResponseAsync("What?").ToChatResponseAsync();

        Assert.DoesNotContain("blue", response.Text);
        Assert.Equal(GuardReason.Contradicted, response.GetGuardReport()!.Reason);
        Assert.Equal(1, client.GetService<ScriptedChatClient>()!.StreamsCut);
    }

    [Fact]
    public async Task AbstainToMeet_Stream_DeliversTheWholeAnswer()
    {
        using var client = new ScriptedChatClient("The sky is blue. It is wide.").AsBuilder()
            .UseHallucinationGuard(g => g.ScoreWith(new ScriptedScorer(t => t.Length > 20 ? 0.9 : 0.1)).AbstainToMeet(0.05, Labelled.Artefact())).Build();

        // Its beginning alone would not pass.
        Assert.Equal("The sky is blue. It is wide.", (await client.GetStreamingResponseAsync("What?").ToChatResponseAsync()).Text);
    }

    [Fact]
    public void Calibration_ThatDoesNotFit_IsRefusedAtStart()
    {
        Assert.Contains("the guard scores with 'other'", Rejects(g => g.ScoreWith(new ScriptedScorer(_ => 1, "other")).AbstainToMeet(0.05, Labelled.Artefact())));
        Assert.Contains("AbstainToMeet needs a confidence", Rejects(g => g.AbstainToMeet(0.05, Labelled.Artefact())));
        Assert.Contains("both decide by the score", Rejects(g => g.ScoreWith(Scorer).AbstainBelow(0.5).AbstainByCost(2, 1)));
        Assert.Contains("every answer of the other client would be withheld", Rejects(
            g => g.ScoreWith(Scorer).AbstainToMeet(0.05, Labelled.Artefact()).EscalateTo(new ScriptedChatClient("x"))));
        Assert.Contains("the client's model is 'large'", Assert.Throws<InvalidOperationException>(() => new NamedChatClient("large").AsBuilder()
            .UseHallucinationGuard(g => g.ScoreWith(Scorer).AbstainToMeet(0.05, Labelled.Artefact())).Build()).Message);

        // A server may know the model by a longer name than the client asks by.
        new NamedChatClient("script").AsBuilder().UseHallucinationGuard(g => g.ScoreWith(Scorer).AbstainToMeet(0.05, Labelled.Artefact())).Build().Dispose();
    }

    [Fact]
    public async Task Drift_OfWhatIsAnswered_IsLogged()
    {
        var log = new FakeLogCollector();
        var services = new ServiceCollection().AddLogging(b => b.AddProvider(new FakeLoggerProvider(log)));
        services.AddChatClient(new ScriptedChatClient("Blue."))
            .UseHallucinationGuard(g => g.ScoreWith(new ScriptedScorer(_ => 0.95)).AbstainToMeet(0.05, Labelled.Artefact()));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();

        for (var i = 0; i < 200; i++)
        {
            await client.GetResponseAsync("What?");
        }

        Assert.True(client.GetService<DriftMonitor>()!.Status.IsDrifted);
        Assert.Single(log.GetSnapshot(), r => r.Id.Name == "microscale.guard.drift");
    }

    [Fact]
    public async Task Services_MakeKeyedAndScopedGuards()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IClaimVerifier>(ScriptedVerifier.Always(Verdict.Supported));
        services.AddKeyedSingleton<IClaimVerifier>("strict", ScriptedVerifier.Always(Verdict.Unverifiable));
        services.AddScoped<TenantSource>();
        services.AddChatClient(_ => new ScriptedChatClient("The sky is blue."), ServiceLifetime.Scoped).UseHallucinationGuard((provider, g) => g
            .GroundWith(provider.GetRequiredService<TenantSource>()).VerifyWith(provider.GetRequiredService<IClaimVerifier>()));
        services.AddKeyedChatClient("strict", _ => new ScriptedChatClient("The sky is blue.")).UseHallucinationGuard((provider, g) => g
            .VerifyWith(provider.GetRequiredKeyedService<IClaimVerifier>("strict")));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        HashSet<TenantSource> sources = [];
        for (var i = 0; i < 2; i++)
        {
            await using var scope = provider.CreateAsyncScope();
            var client = scope.ServiceProvider.GetRequiredService<IChatClient>();
            Assert.Equal(GuardDecision.Delivered, (await client.GetResponseAsync("What?")).GetGuardReport()!.Decision);
            Assert.IsType<VerdictPolicy>(client.GetService<IAbstentionPolicy>());
            Assert.Equal(1, scope.ServiceProvider.GetRequiredService<TenantSource>().Asked);
            sources.Add(scope.ServiceProvider.GetRequiredService<TenantSource>());
        }

        Assert.Equal(2, sources.Count);
        var strict = provider.GetRequiredKeyedService<IChatClient>("strict");
        Assert.Same(strict, provider.GetRequiredKeyedService<IChatClient>("strict"));
        Assert.Equal(GuardDecision.Abstained, (await strict.GetResponseAsync("What?")).GetGuardReport()!.Decision);
    }

    [Fact]
    public async Task Services_ThatDoNotMakeAGuard_AreFoundWhenItIsResolved()
    {
        var services = new ServiceCollection();
        services.AddChatClient(new ScriptedChatClient("x")).UseHallucinationGuard((_, _) => { });
        await using var provider = services.BuildServiceProvider();

        Assert.Contains("nothing to decide by", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IChatClient>).Message);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Guard:" + s.Key, (string?)s.Value))).Build().GetSection("Guard");

    private static void Register(IConfiguration section) => new ScriptedChatClient("x").AsBuilder()
        .UseHallucinationGuard(g => g.ScoreWith(Scorer).VerifyWith(ScriptedVerifier.Always(Verdict.Supported)).Configure(section));

    private static string Rejected(params (string Key, string Value)[] settings)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Register(Section(settings)));
        return exception.Message + exception.InnerException?.Message;
    }

    private static string Rejects(Action<HallucinationGuardBuilder> configure) =>
        Assert.Throws<InvalidOperationException>(() => new ScriptedChatClient("x").AsBuilder().UseHallucinationGuard(configure)).Message;

    private sealed class TenantSource : IEvidenceSource
    {
        public int Asked { get; private set; }

        public ValueTask<IReadOnlyList<Evidence>> FindAsync(EvidenceQuery query, CancellationToken cancellationToken = default)
        {
            Asked++;
            return new([new Evidence("sky", "The sky is blue.")]);
        }
    }

    private sealed class NamedChatClient(string model) : DelegatingChatClient(new ScriptedChatClient("x"))
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata)
            ? new ChatClientMetadata("test", defaultModelId: model)
            : base.GetService(serviceType, serviceKey);
    }
}
