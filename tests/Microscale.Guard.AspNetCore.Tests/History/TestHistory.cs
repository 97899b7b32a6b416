using Microscale.Guard.AspNetCore.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Testing;

namespace Microscale.Guard.AspNetCore.Tests.History;

/// <summary>A history in a SQLite file of its own, or in a given PostgreSQL database.</summary>
internal sealed class TestHistory : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guard-history-").FullName;

    public TestHistory(Action<GuardHistoryOptions>? configure = null)
    {
        Options = new() { CaptureContent = true };
        configure?.Invoke(Options);
        Options.Validate();
        Database = Options.PostgreSql is null ? new SqliteHistoryDatabase(Options, _folder) : new PostgreSqlHistoryDatabase(Options);
        Store = new(Database);
        Labels = new(Database, Options);
        Logger = new();
        History = new(Options, Database, Store, Telemetry, Logger);
        Summary = new(Options, Database, Telemetry, History);
    }

    public GuardHistoryOptions Options { get; }

    public HistoryDatabase Database { get; }

    public DecisionStore Store { get; }

    public LabelStore Labels { get; }

    public HistoryTelemetry Telemetry { get; } = new();

    public FakeLogger<GuardHistory> Logger { get; }

    public GuardHistory History { get; }

    public SummaryReader Summary { get; }

    public string File => Path.Combine(_folder, Options.SqliteFile);

    public Task<DashboardSummary> SummarizeAsync() => Summary.ReadAsync(TimeSpan.FromHours(1), null, default);

    /// <summary>Lets the history write what it was told, and waits until it has written or dropped so many.</summary>
    public async Task SettleAsync(long decisions) => await Wait.UntilAsync(() => Telemetry.Written + Telemetry.Dropped >= decisions);

    public async ValueTask DisposeAsync()
    {
        await History.StopAsync(default);
        History.Dispose();
        await Database.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
