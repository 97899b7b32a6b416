using System.Data.Common;
using Npgsql;

namespace Microscale.Guard.AspNetCore;

/// <summary>The history in a PostgreSQL database, which several replicas may share.</summary>
internal sealed class PostgreSqlHistoryDatabase : HistoryDatabase
{
    /// <summary>Names the lock under which the tables are made.</summary>
    private const long CreationLock = 0x6775_6172_6400;

    public PostgreSqlHistoryDatabase(GuardHistoryOptions options)
        : base(options)
    {
        var seconds = (int)Math.Ceiling(options.Timeout.TotalSeconds);
        var settings = new NpgsqlConnectionStringBuilder(options.PostgreSql) { CommandTimeout = seconds, Timeout = seconds };
        Source = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableTransportSecurity().Build();
    }

    public override string Description
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(Options.PostgreSql);
            return $"PostgreSQL database {settings.Database} on {settings.Host}";
        }
    }

    protected override DbDataSource Source { get; }

    protected override async Task CreateTablesAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // "If not exists" is no protection against another replica that makes the same table now.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({CreationLock})", [], cancellationToken);
        foreach (var statement in HistorySchema.Create("TEXT COLLATE \"C\"", "DOUBLE PRECISION", ""))
        {
            await connection.ExecuteAsync(statement, [], cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
