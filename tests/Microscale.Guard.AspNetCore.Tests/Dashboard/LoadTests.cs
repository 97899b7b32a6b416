using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microscale.Guard.AspNetCore.Tests.Harness;

namespace Microscale.Guard.AspNetCore.Tests.Dashboard;

/// <summary>A thousand requests a second, with somebody who looks. The variable GUARD_LOAD_SECONDS says for how long; five seconds
/// otherwise. It runs alone, since the metric and the memory are the process's.</summary>
[Collection(nameof(LoadTests))]
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public class LoadTests(ITestOutputHelper output)
{
    private const int RequestsPerSecond = 1000;
    private const int Tick = 20;

    /// <summary>Bytes that managed memory may grow from the first third to the end: the history is on disk.</summary>
    private const long Growth = 32L << 20;

    private static readonly string[] s_questions = [ScriptedGuard.Right, ScriptedGuard.Wrong, ScriptedGuard.Unsure, ScriptedGuard.Unknown];

    [Fact]
    public async Task ManyRequests_WithAVisitor_AreCountedExactlyAndThePageAnswers()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("GUARD_LOAD_SECONDS") ?? "5", CultureInfo.InvariantCulture);
        var requests = seconds * RequestsPerSecond;
        await using var app = await DashboardApp.StartAsync();
        using var counter = new RequestCounter();
        using var stop = new CancellationTokenSource();
        var looking = LookAsync(app, stop.Token);

        var started = Stopwatch.GetTimestamp();
        var early = 0L;
        for (var sent = 0; sent < requests; sent += RequestsPerSecond * Tick / 1000)
        {
            await Task.WhenAll(Enumerable.Range(sent, RequestsPerSecond * Tick / 1000).Select(i => Task.Run(() => app.AskAsync(s_questions[i % s_questions.Length]))));
            early = sent <= requests / 3 ? GC.GetTotalMemory(forceFullCollection: false) : early;

            // The rate is kept by waiting for its clock; and where a machine is slower, for the history, which would drop what it cannot take.
            var ahead = TimeSpan.FromMilliseconds(sent * 1000L / RequestsPerSecond) - Stopwatch.GetElapsedTime(started);
            await Task.Delay(ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero);
            while (sent - app.Telemetry.Written > app.Options.QueueCapacity / 2)
            {
                await Task.Delay(10);
            }
        }

        var took = Stopwatch.GetElapsedTime(started);
        await app.SettleAsync(requests);
        await stop.CancelAsync();
        var looks = await looking;
        var growth = GC.GetTotalMemory(forceFullCollection: true) - early;

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{requests} requests in {took.TotalSeconds:0.0} s; {looks.Count} looks, median {looks.Order().ElementAt(looks.Count / 2):0} ms, slowest {looks.Max():0} ms; {app.Telemetry.Dropped} dropped; memory {early >> 20} MB, {growth >> 20:+0;-0;0} MB"));
        Assert.Equal(0, app.Telemetry.Dropped);
        Assert.True(growth < Growth, $"Memory grew by {growth} bytes.");
        Assert.Equal(requests, counter.Requests);
        var totals = (await app.Http.GetFromJsonAsync<JsonElement>(new Uri("/guard/api/summary?window=24h", UriKind.Relative))).GetProperty("totals");
        Assert.Equal(
            (requests, requests / 4, requests * 3 / 4, requests / 4),
            (totals.GetProperty("requests").GetInt32(), totals.GetProperty("delivered").GetInt32(), totals.GetProperty("abstained").GetInt32(), totals.GetProperty("signals").GetInt32()));
    }

    /// <summary>Asks for the figures as the page does, over and over; the milliseconds that each look took.</summary>
    private static async Task<List<double>> LookAsync(DashboardApp app, CancellationToken cancellationToken)
    {
        List<double> looks = [];
        do
        {
            var started = Stopwatch.GetTimestamp();
            using var summary = await app.Http.GetAsync(new Uri("/guard/api/summary?window=1h", UriKind.Relative), CancellationToken.None);
            using var list = await app.Http.GetAsync(new Uri("/guard/api/decisions", UriKind.Relative), CancellationToken.None);
            Assert.True(summary.IsSuccessStatusCode && list.IsSuccessStatusCode);
            looks.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(100, CancellationToken.None);
        }
        while (!cancellationToken.IsCancellationRequested);

        return looks;
    }

    /// <summary>What the metric of requests says.</summary>
    private sealed class RequestCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _requests;

        public RequestCounter()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "microscale.guard.requests")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _requests, value));
            _listener.Start();
        }

        public long Requests => Interlocked.Read(ref _requests);

        public void Dispose() => _listener.Dispose();
    }
}
