using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Microscale.Guard.AspNetCore;

/// <summary>The history in a SQLite file.</summary>
internal sealed class SqliteHistoryDatabase : HistoryDatabase
{
    private const int SqliteFull = 13;
    private const int PageSize = 4096;

    /// <summary>The share of the largest size from which the oldest decisions go.</summary>
    private const double FullAt = 0.9;

    private readonly string _connectionString;
    private readonly string _file;

    public SqliteHistoryDatabase(GuardHistoryOptions options, string contentRoot)
        : base(options)
    {
        _file = Path.GetFullPath(options.SqliteFile, contentRoot);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _file,
            DefaultTimeout = (int)Math.Ceiling(options.Timeout.TotalSeconds),
        }.ConnectionString;
        Source = SqliteFactory.Instance.CreateDataSource(_connectionString);
    }

    public override string Description => $"SQLite file {_file}";

    protected override DbDataSource Source { get; }

    public override async Task<bool> MakeRoomAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not SqliteException { SqliteErrorCode: SqliteFull })
        {
            return false;
        }

        await using var connection = await OpenAsync(cancellationToken);
        return await DeleteOldestAsync(connection, cancellationToken);
    }

    protected override Task ConfigureAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"PRAGMA synchronous = NORMAL; PRAGMA max_page_count = {Options.MaxBytes / PageSize}", [], cancellationToken);

    protected override async Task CreateTablesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // Readers do not wait for the writer, and a commit need not wait for the disk.
        await connection.ExecuteAsync($"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL", [], cancellationToken);
        foreach (var statement in HistorySchema.Create("TEXT", "REAL", "WITHOUT ROWID"))
        {
            await connection.ExecuteAsync(statement, [], cancellationToken);
        }
    }

    protected override async Task TrimSizeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        while (await UsedBytesAsync(connection, cancellationToken) > Options.MaxBytes * FullAt
            && await DeleteOldestAsync(connection, cancellationToken))
        {
        }
    }

    private static async Task<long> UsedBytesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var pages = await PragmaAsync("page_count") - await PragmaAsync("freelist_count");
        return pages * PageSize;

        async Task<long> PragmaAsync(string name) => (long)(await connection.ScalarAsync("PRAGMA " + name, [], cancellationToken))!;
    }

    /// <summary>Deletes a tenth of the decisions.</summary>
    private static async Task<bool> DeleteOldestAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var id = (string?)await connection.ScalarAsync(
            "SELECT id FROM guard_decisions ORDER BY id LIMIT 1 OFFSET (SELECT count(*) / 10 FROM guard_decisions)", [], cancellationToken);
        if (id is not null)
        {
            await DeleteUpToAsync(connection, id, cancellationToken);
        }

        return id is not null;
    }
}
