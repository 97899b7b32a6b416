using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore;

/// <summary>Takes decisions from requests and writes them behind their backs. A request never waits for the database and never
/// fails with it: what cannot be written is dropped, counted and logged.</summary>
internal sealed partial class GuardHistory : BackgroundService, IGuardObserver
{
    private const int BatchSize = 500;

    /// <summary>How often a batch is tried while room can be made for it; each time a tenth of the old decisions goes.</summary>
    private const int MaxAttempts = 8;
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(1);

    private readonly GuardHistoryOptions _options;
    private readonly HistoryDatabase _database;
    private readonly DecisionStore _store;
    private readonly HistoryTelemetry _telemetry;
    private readonly ILogger<GuardHistory> _logger;
    private readonly DecisionMapper _mapper;
    private readonly Channel<(GuardObservation Observation, DateTimeOffset At)> _queue;
    private long _loggedAt;
    private long _droppedSinceLog;
    private long _trimmedAt;

    public GuardHistory(
        GuardHistoryOptions options, HistoryDatabase database, DecisionStore store, HistoryTelemetry telemetry, ILogger<GuardHistory> logger)
    {
        (_options, _database, _store, _telemetry, _logger) = (options, database, store, telemetry, logger);
        _mapper = new(options.CaptureContent, options.MaxTextLength);
        _queue = Channel.CreateBounded<(GuardObservation, DateTimeOffset)>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>What failed last; null since a batch was written.</summary>
    public string? Failure { get; private set; }

    /// <summary>Called after each batch that was written.</summary>
    public event Action? Written;

    public bool WantsContent => _options.CaptureContent;

    public void OnDecided(GuardObservation observation)
    {
        if (!_queue.Writer.TryWrite((observation, _options.TimeProvider.GetUtcNow())))
        {
            Drop(1, HistoryTelemetry.QueueFull, null);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<DecisionRecord>(BatchSize);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                // A batch that is begun is finished; the database has its own time limit.
                if (Read(batch) && !await WriteAsync(batch, CancellationToken.None))
                {
                    await Task.Delay(WaitAfterFailure, _options.TimeProvider, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is written by StopAsync.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _queue.Writer.TryComplete();
        var batch = new List<DecisionRecord>(BatchSize);
        while (!cancellationToken.IsCancellationRequested && Read(batch) && await WriteAsync(batch, cancellationToken))
        {
        }
    }

    private bool Read(List<DecisionRecord> batch)
    {
        batch.Clear();
        while (batch.Count < BatchSize && _queue.Reader.TryRead(out var item))
        {
            try
            {
                batch.Add(_mapper.Map(item.Observation, item.At));
            }
            catch (Exception exception)
            {
                // A report that cannot be written down must not stop the others.
                Drop(1, HistoryTelemetry.WriteFailed, exception);
            }
        }

        return batch.Count > 0;
    }

    private async Task<bool> WriteAsync(List<DecisionRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await WriteOrMakeRoomAsync(batch, cancellationToken);
            _telemetry.RecordWritten(batch.Count);
            Recover();
        }
        catch (Exception exception)
        {
            Failure = exception.GetType().Name;
            Drop(batch.Count, HistoryTelemetry.WriteFailed, exception);
            return false;
        }

        Written?.Invoke();
        await TrimAsync(cancellationToken);
        return true;
    }

    private async Task WriteOrMakeRoomAsync(List<DecisionRecord> batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _store.WriteAsync(batch, cancellationToken);
                return;
            }
            catch (Exception exception) when (attempt < MaxAttempts && exception is not OperationCanceledException)
            {
                if (!await _database.MakeRoomAsync(exception, cancellationToken))
                {
                    throw;
                }
            }
        }
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        if (_trimmedAt != 0 && _options.TimeProvider.GetElapsedTime(_trimmedAt) < TrimEvery)
        {
            return;
        }

        _trimmedAt = _options.TimeProvider.GetTimestamp();
        try
        {
            await _store.TrimAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogTrimFailed(exception.GetType().FullName, exception.Message);
        }
    }

    private void Drop(int count, string cause, Exception? exception)
    {
        _telemetry.RecordDropped(count, cause);
        var dropped = Interlocked.Add(ref _droppedSinceLog, count);
        var loggedAt = Interlocked.Read(ref _loggedAt);
        var now = _options.TimeProvider.GetTimestamp();

        // One line a minute: an outage must not fill the log.
        if ((loggedAt == 0 || _options.TimeProvider.GetElapsedTime(loggedAt, now) >= LogEvery)
            && Interlocked.CompareExchange(ref _loggedAt, now, loggedAt) == loggedAt)
        {
            Interlocked.Add(ref _droppedSinceLog, -dropped);
            LogDropped(dropped, cause, _database.Description, exception?.GetType().FullName, exception?.Message);
        }
    }

    private void Recover()
    {
        if (Failure is not null)
        {
            Failure = null;
            Interlocked.Exchange(ref _loggedAt, 0);
            LogRecovered(_database.Description, Interlocked.Exchange(ref _droppedSinceLog, 0), _telemetry.Dropped);
        }
    }

    // Messages of database drivers name files, tables and limits, no content: values are parameters.
    [LoggerMessage(LogLevel.Warning, "The guard's history dropped {Count} decisions ({Cause}) because it could not write to the {Database}: {ErrorType} {ErrorMessage}")]
    private partial void LogDropped(long count, string cause, string database, string? errorType, string? errorMessage);

    [LoggerMessage(LogLevel.Information, "The guard's history writes to the {Database} again; it dropped {Count} more decisions meanwhile, {Total} since the start.")]
    private partial void LogRecovered(string database, long count, long total);

    [LoggerMessage(LogLevel.Warning, "The guard's history could not throw out old decisions: {ErrorType} {ErrorMessage}")]
    private partial void LogTrimFailed(string? errorType, string errorMessage);
}
