using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class AbstentionEventTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task FailedClaims_AreNamed_TheirTextsOnlyWhenAskedFor(bool streaming, bool sensitive)
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient(GuardedChain.Wrong).Guarded(g => g.ConfigureAbstention(o => o.EnableSensitiveData = sensitive));

        await client.AskAsync(streaming);

        var tags = Assert.Single(listening.Single("guard").Events).Tags.ToDictionary();
        Assert.Equal("contradicted", tags["microscale.guard.reason"]);
        Assert.Equal(1, tags["microscale.guard.claim.failed.count"]);
        Assert.Equal(["contradicted:scripted"], Assert.IsType<string[]>(tags["microscale.guard.claim.failed"]));
        Assert.DoesNotContain("microscale.guard.threshold", tags);
        if (sensitive)
        {
            Assert.EndsWith("Confidential was 1977.", Assert.Single(Assert.IsType<string[]>(tags["microscale.guard.claim.failed.texts"])), StringComparison.Ordinal);
        }
        else
        {
            Assert.DoesNotContain("microscale.guard.claim.failed.texts", tags);
        }
    }

    [Fact]
    public async Task ManyFailedClaims_AreCountedAll_AndNamedInPart()
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient(string.Concat(Enumerable.Range(1900, 30).Select(i => $"Confidential was {i}. ")))
            .Guarded(verifier: ScriptedVerifier.Always(Verdict.Contradicted));

        await client.AskAsync(streaming: false);

        var tags = Assert.Single(listening.Single("guard").Events).Tags.ToDictionary();
        Assert.Equal(30, tags["microscale.guard.claim.failed.count"]);
        Assert.Equal(20, Assert.IsType<string[]>(tags["microscale.guard.claim.failed"]).Length);
    }

    [Fact]
    public async Task ThresholdsOfAllPolicies_AreOnTheEvent()
    {
        var calibration = CalibrationArtefact.Fit(
            Enumerable.Range(0, 300).Select(i => new LabelledScore(i / 299.0, i >= 120)), new("scripted", "scripted", null));
        var risk = new RiskControlledPolicy(calibration, 0.05);
        foreach (var (policy, threshold, name) in (IEnumerable<(IAbstentionPolicy, double?, string)>)
        [
            (risk, risk.Guarantee.Threshold, "risk_controlled"),
            (new CostPolicy(10, 1, calibration), 0.9, "cost"),
            (new ConfidenceThresholdPolicy(0.7), 0.7, "confidence_threshold"),
        ])
        {
            using var listening = new Listening();
            using var client = new ScriptedChatClient("Blue.").AsBuilder()
                .UseHallucinationGuard(g => g.ScoreWith(new ScriptedScorer(_ => 0.01)).AbstainBy(policy)).Build();

            await client.GetResponseAsync("What?");

            Assert.Equal(name, listening.Single("guard").GetTagItem("microscale.guard.policy"));
            Assert.Equal(threshold, Assert.Single(listening.Single("guard").Events).Tags.ToDictionary()["microscale.guard.threshold"]);
        }
    }
}
