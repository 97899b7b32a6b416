using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class DriftTelemetryTests
{
    [Fact]
    public async Task Drift_IsMeasured_AndAnEventOfTheRequestThatShowsIt()
    {
        var calibration = CalibrationArtefact.Fit(
            Enumerable.Range(0, 300).Select(i => new LabelledScore(i / 299.0, i >= 120)), new("scripted", "scripted", null));
        using var listening = new Listening();
        using var client = new ScriptedChatClient("Blue.").AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.9))
            .AbstainToMeet(0.05, calibration)
            .ConfigureAbstention(o => o.Drift = new(calibration, new() { MinimumCount = 20 }))).Build();

        for (var i = 0; i < 25; i++)
        {
            await client.GetResponseAsync("What?");
        }

        var (tags, point) = Assert.Single(listening.Metric("microscale.guard.drift"));
        Assert.Equal("microscale.guard.drifted=True microscale.guard.scorer=scripted", tags);
        Assert.Equal(client.GetService<DriftMonitor>()!.Status.StabilityIndex, point.GetGaugeLastValueDouble());
        var drifted = Assert.Single(listening.Activities, a => a.Events.Any(e => e.Name == "microscale.guard.drift"));
        Assert.Equal("guard.attempt", drifted.OperationName);
        var tag = Assert.Single(drifted.Events.Single(e => e.Name == "microscale.guard.drift").Tags, t => t.Key == "microscale.guard.drift.index");
        Assert.True((double)tag.Value! > 0.2);
    }

    [Fact]
    public async Task FurtherAttempts_AreCountedByKind()
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient("This is wrong. This is right.").AsBuilder().UseHallucinationGuard(g => g
            .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("right", StringComparison.Ordinal) ? Verdict.Supported : Verdict.Contradicted))
            .BestOf(2).RemoveUnsupported()).Build();

        var response = await client.GetResponseAsync("What?");

        Assert.Equal("This is right.", response.Text);
        Assert.Equal(
            [
                ("microscale.guard.attempt.kind=candidate microscale.guard.reason=contradicted", 2),
                ("microscale.guard.attempt.kind=draft microscale.guard.reason=contradicted", 1),
                ("microscale.guard.attempt.kind=removal microscale.guard.reason=none", 1),
            ],
            listening.Metric("microscale.guard.attempts").Select(m => (m.Key, m.Value.GetSumLong())).Order());
    }
}
