using System.Diagnostics.Metrics;

namespace Microscale.Guard.AspNetCore;

/// <summary>Counts what the history keeps and what it has to drop.</summary>
internal sealed class HistoryTelemetry
{
    public const string WrittenName = "microscale.guard.history.written";
    public const string DroppedName = "microscale.guard.history.dropped";
    public const string CauseName = "microscale.guard.history.cause";
    public const string QueueFull = "queue_full";
    public const string WriteFailed = "write_failed";

    private static readonly Meter Meter = new(GuardTelemetryNames.Source, typeof(HistoryTelemetry).Assembly.GetName().Version?.ToString());
    private static readonly Counter<long> WrittenCounter = Meter.CreateCounter<long>(WrittenName, "{decision}", "Decisions that the dashboard's history took.");
    private static readonly Counter<long> DroppedCounter = Meter.CreateCounter<long>(DroppedName, "{decision}", "Decisions that the dashboard's history lost, by cause.");

    private long _written;
    private long _dropped;

    /// <summary>How many decisions this process has written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>How many decisions this process has lost.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void RecordWritten(int count)
    {
        Interlocked.Add(ref _written, count);
        WrittenCounter.Add(count);
    }

    public void RecordDropped(int count, string cause)
    {
        Interlocked.Add(ref _dropped, count);
        DroppedCounter.Add(count, new KeyValuePair<string, object?>(CauseName, cause));
    }
}
