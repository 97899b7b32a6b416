using Microscale.Guard.AspNetCore.Tests.Harness;
using Microscale.Guard.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore.Tests.History;

/// <summary>Whatever happens to the database, requests go on, and what is lost is counted and logged.</summary>
public class HistoryFailureTests
{
    [Fact]
    public async Task FullFile_MakesRoomByDroppingTheOldest()
    {
        await using var history = new TestHistory(o => o.MaxBytes = 1 << 20);
        await history.History.StartAsync(default);
        var text = new string('x', 10_000);

        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 10; j++)
            {
                history.History.OnDecided(Records.Observation(text: text));
            }

            await history.SettleAsync((i + 1) * 10);
        }

        Assert.Equal((400, 0), (history.Telemetry.Written, history.Telemetry.Dropped));
        Assert.InRange(new FileInfo(history.File).Length, 1, 1 << 20);
        Assert.InRange(await history.Store.CountAsync(default), 1, 100);
    }

    [Fact]
    public async Task FullFile_WhereADecisionDoesNotFitAtAll_DropsItAndGoesOn()
    {
        await using var history = new TestHistory(o => (o.MaxBytes, o.MaxTextLength) = (1 << 20, 1_000_000));
        await history.History.StartAsync(default);

        history.History.OnDecided(Records.Observation(text: new string('x', 1_000_000)));
        await history.SettleAsync(1);
        history.History.OnDecided(Records.Observation());
        await history.SettleAsync(2);

        Assert.Equal((1, 1), (history.Telemetry.Written, history.Telemetry.Dropped));
        var line = Assert.Single(history.Logger.Collector.GetSnapshot(), r => r.Level == LogLevel.Warning);
        Assert.Contains("dropped 1 decisions (write_failed)", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", line.Message, StringComparison.Ordinal);
        Assert.Contains(history.Logger.Collector.GetSnapshot(), r => r.Message.Contains("again", StringComparison.Ordinal));
        Assert.Null(history.History.Failure);
    }

    [Fact]
    public async Task LockedFile_DropsAfterItsTimeLimitAndRecovers()
    {
        using var dropped = new MetricCollector<long>(null, GuardTelemetryNames.Source, HistoryTelemetry.DroppedName);
        await using var history = new TestHistory(o => o.Timeout = TimeSpan.FromSeconds(1));
        await history.Store.WriteAsync([Records.Of(TimeProvider.System.GetUtcNow())], default);
        await using (var locker = new SqliteConnection($"Data Source={history.File}"))
        {
            await locker.OpenAsync();
            await locker.ExecuteAsync("BEGIN EXCLUSIVE", [], default);
            await history.History.StartAsync(default);
            history.History.OnDecided(Records.Observation());
            await history.SettleAsync(1);
            Assert.Equal((0, 1), (history.Telemetry.Written, history.Telemetry.Dropped));
            Assert.NotNull(history.History.Failure);
            await locker.ExecuteAsync("ROLLBACK", [], default);
        }

        history.History.OnDecided(Records.Observation());
        await history.SettleAsync(2);
        Assert.Equal(1, history.Telemetry.Written);
        Assert.Contains(dropped.GetMeasurementSnapshot(), m => Equals(m.Tags[HistoryTelemetry.CauseName], HistoryTelemetry.WriteFailed));
    }

    [Fact]
    public async Task UnusableFile_FailsNoRequest()
    {
        await using var app = await DashboardApp.StartAsync(o => o.SqliteFile = "no/such/folder/history.db");

        var response = await app.AskAsync(ScriptedGuard.Right);

        Assert.Equal("The tower is 330 metres tall. It has 1,665 steps.", response.Text);
        await app.SettleAsync(1);
        Assert.Equal(1, app.Telemetry.Dropped);
        using var summary = await app.Http.GetAsync(new Uri("/guard/api/summary", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, summary.StatusCode);
    }

    [Fact]
    public async Task FullQueue_DropsAndCounts()
    {
        await using var history = new TestHistory(o => o.QueueCapacity = 100);

        // Nobody writes yet.
        for (var i = 0; i < 150; i++)
        {
            history.History.OnDecided(Records.Observation());
        }

        Assert.Equal(50, history.Telemetry.Dropped);
        Assert.Contains("queue_full", Assert.Single(history.Logger.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
        await history.History.StartAsync(default);
        await history.SettleAsync(150);
        Assert.Equal(100, await history.Store.CountAsync(default));
    }

    [Fact]
    public async Task Stop_WritesWhatWaits()
    {
        await using var history = new TestHistory();
        await history.History.StartAsync(default);
        for (var i = 0; i < 700; i++)
        {
            history.History.OnDecided(Records.Observation());
        }

        await history.History.StopAsync(default);

        Assert.Equal(700, await history.Store.CountAsync(default));
    }

    [Fact]
    public async Task LostDatabase_FailsNoRequest()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        var server = await PostgreSqlServer.StartAsync();
        await using var app = await DashboardApp.StartAsync(o => (o.PostgreSql, o.Timeout) = (server.ConnectionString, TimeSpan.FromSeconds(2)));
        await app.AskAsync(ScriptedGuard.Right);
        await app.SettleAsync(1);
        Assert.Equal(1, app.Telemetry.Written);

        await server.DisposeAsync();
        var response = await app.AskAsync(ScriptedGuard.Wrong);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        await app.SettleAsync(2);
        Assert.Equal((1, 1), (app.Telemetry.Written, app.Telemetry.Dropped));
        using var list = await app.Http.GetAsync(new Uri("/guard/api/decisions", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, list.StatusCode);
    }
}
