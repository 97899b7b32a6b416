using Microscale.Guard.AspNetCore.Tests.Harness;
using Microscale.Guard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microscale.Guard.AspNetCore.Tests.Health;

public class GuardHealthChecksTests
{
    [Fact]
    public async Task History_IsHealthyUntilItCannotBeWritten()
    {
        await using var good = await DashboardApp.StartAsync(services: s => s.AddHealthChecks().AddGuardHistory());
        await using var bad = await DashboardApp.StartAsync(o => o.SqliteFile = "no/such/folder/history.db", services: s => s.AddHealthChecks().AddGuardHistory());

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(good.Services, "guard-history")).Status);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(bad.Services, "guard-history")).Status);
    }

    [Theory]
    [InlineData(false, false, HealthStatus.Healthy)]
    [InlineData(true, false, HealthStatus.Unhealthy)]
    [InlineData(false, true, HealthStatus.Unhealthy)]
    public async Task Model_IsHealthyWhileItAnswers(bool throws, bool hangs, HealthStatus status)
    {
        using var model = new ScriptedChatClient(new ScriptedReply("OK") { Fault = throws ? new InvalidOperationException("scripted") : null, Hangs = hangs });

        var entry = await CheckAsync(checks => checks.AddGuardModel(_ => model, timeout: TimeSpan.FromSeconds(hangs ? 0.2 : 30)), "guard-model");

        Assert.Equal(status, entry.Status);
        Assert.Equal(1, model.Calls[0].Options!.MaxOutputTokens);
    }

    [Theory]
    [InlineData(Misbehaviour.None, HealthStatus.Healthy)]
    [InlineData(Misbehaviour.Throws, HealthStatus.Unhealthy)]
    [InlineData(Misbehaviour.HangsForGood, HealthStatus.Unhealthy)]
    [InlineData(Misbehaviour.ReturnsNull, HealthStatus.Unhealthy)]
    [InlineData(Misbehaviour.Lies, HealthStatus.Unhealthy)]
    public async Task Verifier_IsHealthyWhileItJudges(Misbehaviour misbehaviour, HealthStatus status)
    {
        var verifier = new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = misbehaviour };

        var entry = await CheckAsync(
            checks => checks.AddGuardVerifier(_ => verifier, timeout: TimeSpan.FromSeconds(misbehaviour == Misbehaviour.HangsForGood ? 0.2 : 30)), "guard-verifier");

        Assert.Equal(status, entry.Status);
    }

    [Fact]
    public async Task Verifier_ThatContradictsTheEvidencesOwnWords_IsUnhealthy() => Assert.Equal(
        HealthStatus.Unhealthy, (await CheckAsync(checks => checks.AddGuardVerifier(_ => ScriptedVerifier.Always(Verdict.Contradicted)), "guard-verifier")).Status);

    private static async Task<HealthReportEntry> CheckAsync(Action<IHealthChecksBuilder> configure, string name)
    {
        var services = new ServiceCollection().AddLogging();
        configure(services.AddHealthChecks());
        await using var provider = services.BuildServiceProvider();
        return await CheckAsync(provider, name);
    }

    private static async Task<HealthReportEntry> CheckAsync(IServiceProvider services, string name) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[name];
}
