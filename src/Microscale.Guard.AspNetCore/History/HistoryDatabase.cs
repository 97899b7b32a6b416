using System.Data.Common;

namespace Microscale.Guard.AspNetCore;

/// <summary>The database of the history: opens connections, makes the tables, throws out what is too old or too much.</summary>
internal abstract class HistoryDatabase(GuardHistoryOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _preparing = new(1);
    private bool _isPrepared;

    protected GuardHistoryOptions Options { get; } = options;

    /// <summary>What the database is, for a person to read.</summary>
    public abstract string Description { get; }

    protected abstract DbDataSource Source { get; }

    /// <summary>Opens a connection to a database that has its tables.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await Source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ConfigureAsync(connection, cancellationToken);
            await PrepareAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes room: drops what is older than the options allow, or beyond their number or size.</summary>
    public async Task TrimAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var oldest = IdAt(Options.TimeProvider.GetUtcNow() - Options.MaxAge);
        var last = (string?)await connection.ScalarAsync(
            "SELECT id FROM guard_decisions ORDER BY id DESC LIMIT 1 OFFSET @cap", [("@cap", Options.MaxDecisions)], cancellationToken);
        await DeleteUpToAsync(connection, string.CompareOrdinal(last, oldest) > 0 ? last! : oldest, cancellationToken);
        await TrimSizeAsync(connection, cancellationToken);
    }

    /// <summary>Frees space after the database was found to be full.</summary>
    /// <returns>Whether there is any more now.</returns>
    public virtual Task<bool> MakeRoomAsync(Exception exception, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>The lowest id of a time.</summary>
    public static string IdAt(DateTimeOffset time) =>
        Math.Max(0, time.ToUnixTimeMilliseconds()).ToString("x12", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        await Source.DisposeAsync();
    }

    /// <summary>Sets what a connection does not remember.</summary>
    protected virtual Task ConfigureAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    protected abstract Task CreateTablesAsync(DbConnection connection, CancellationToken cancellationToken);

    protected virtual Task TrimSizeAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    protected static async Task DeleteUpToAsync(DbConnection connection, string id, CancellationToken cancellationToken)
    {
        foreach (var table in HistorySchema.TablesByDecision)
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE id <= @id", [("@id", id)], cancellationToken);
        }
    }

    private async Task PrepareAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isPrepared))
        {
            return;
        }

        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (!_isPrepared)
            {
                await CreateTablesAsync(connection, cancellationToken);
                Volatile.Write(ref _isPrepared, true);
            }
        }
        finally
        {
            _preparing.Release();
        }
    }
}
