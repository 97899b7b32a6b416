using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Microscale.Guard.AspNetCore;

/// <summary>The live stream: server-sent events with what was decided since the one before, the latest of it where there is much.
/// It is read from the database, so it holds the decisions of all replicas.</summary>
internal sealed class DecisionFeed(GuardHistory history, DecisionStore store, GuardHistoryOptions options, IHostApplicationLifetime lifetime)
{
    private const int MaxRows = 50;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    /// <summary>How much later than its id says another replica may write a decision.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    public async Task WriteToAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        Action onWritten = () => news.Writer.TryWrite(true);
        history.Written += onWritten;
        try
        {
            await WriteAllAsync(response, news.Reader, stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && stop.IsCancellationRequested)
        {
            // The visitor has left, or the application ends.
        }
        finally
        {
            history.Written -= onWritten;
        }
    }

    private async Task WriteAllAsync(HttpResponse response, ChannelReader<bool> news, CancellationToken cancellationToken)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        var since = options.TimeProvider.GetUtcNow();
        var beat = options.TimeProvider.GetTimestamp();
        await SendAsync(response, "hello", "{}", cancellationToken);
        while (true)
        {
            var after = HistoryDatabase.IdAt(since - Overlap);
            sent.RemoveWhere(id => string.CompareOrdinal(id, after) < 0);
            since = options.TimeProvider.GetUtcNow();
            if (await FindAsync(after, cancellationToken) is not { } rows)
            {
                await SendAsync(response, "trouble", "{}", cancellationToken);
            }
            else if (rows.FindAll(r => sent.Add(r.Id)) is { Count: > 0 } fresh)
            {
                await SendAsync(response, "decisions", JsonSerializer.Serialize(fresh, DashboardJsonContext.Default.ListDecisionRow), cancellationToken);
                beat = options.TimeProvider.GetTimestamp();
            }
            else if (options.TimeProvider.GetElapsedTime(beat) > BeatEvery)
            {
                await SendAsync(response, "beat", "{}", cancellationToken);
                beat = options.TimeProvider.GetTimestamp();
            }

            await Task.Delay(ShortestWait, options.TimeProvider, cancellationToken);
            await WaitAsync(news, cancellationToken);
        }
    }

    /// <summary>The latest decisions; null when the database cannot be read.</summary>
    private async Task<List<DecisionRow>?> FindAsync(string after, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ListAsync(new(After: after), MaxRows, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }

    private async Task WaitAsync(ChannelReader<bool> news, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news.WaitToReadAsync(wait.Token).AsTask(), Task.Delay(LongestWait, options.TimeProvider, wait.Token));
        await wait.CancelAsync();
        news.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task SendAsync(HttpResponse response, string kind, string json, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: {kind}\ndata: {json}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
