using System.Collections.Concurrent;

namespace Microscale.Guard.AspNetCore;

/// <summary>Counts once for all visitors: a summary is counted anew when it is older than a few times the time it took.</summary>
internal sealed class SummaryCache(SummaryReader reader, GuardHistoryOptions options) : IDisposable
{
    private const int MaxKept = 32;
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<(TimeSpan, string?), (DashboardSummary Summary, long At, TimeSpan Took)> _kept = [];

    public async Task<DashboardSummary> ReadAsync(TimeSpan window, string? scorer, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_kept.TryGetValue((window, scorer), out var kept) && Age(kept.At) < Longer(FreshFor, kept.Took * 3))
            {
                return kept.Summary;
            }

            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }

            var started = options.TimeProvider.GetTimestamp();
            var summary = await reader.ReadAsync(window, scorer, cancellationToken);
            _kept[(window, scorer)] = (summary, options.TimeProvider.GetTimestamp(), Age(started));
            return summary;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes the next summary a new one.</summary>
    public void Forget() => _kept.Clear();

    public void Dispose() => _gate.Dispose();

    private TimeSpan Age(long since) => options.TimeProvider.GetElapsedTime(since);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
