using System.Net.Http.Json;
using System.Text.Json;
using Microscale.Guard.AspNetCore.Tests.Harness;

namespace Microscale.Guard.AspNetCore.Tests.Dashboard;

/// <summary>Many requests at once, with somebody who looks: the long form is the benchmark <c>--dashboard</c>.</summary>
public class LoadTests
{
    private const int Requests = 6000;

    [Fact]
    public async Task ManyRequests_WithAVisitor_AreCountedExactlyAndThePageAnswers()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stop = new CancellationTokenSource();
        var visitor = LookAsync(app, stop.Token);
        string[] questions = [ScriptedGuard.Right, ScriptedGuard.Wrong, ScriptedGuard.Unsure, ScriptedGuard.Unknown];

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            await app.AskAsync(questions[i % questions.Length]);

            // A queue that is full drops; here the truth is to be seen whole.
            while (i % 100 == 0 && i - app.Telemetry.Written > app.Options.QueueCapacity / 2)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        });
        await app.SettleAsync(Requests);
        await stop.CancelAsync();

        Assert.Equal(0, app.Telemetry.Dropped);
        Assert.True(await visitor > 0);
        var totals = (await app.Http.GetFromJsonAsync<JsonElement>(new Uri("/guard/api/summary?window=24h", UriKind.Relative))).GetProperty("totals");
        Assert.Equal(
            (Requests, Requests / 4, Requests * 3 / 4, Requests / 4),
            (totals.GetProperty("requests").GetInt32(), totals.GetProperty("delivered").GetInt32(), totals.GetProperty("abstained").GetInt32(), totals.GetProperty("signals").GetInt32()));
    }

    /// <summary>Asks for the figures over and over; how often they came.</summary>
    private static async Task<int> LookAsync(DashboardApp app, CancellationToken cancellationToken)
    {
        var looks = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            using var summary = await app.Http.GetAsync(new Uri("/guard/api/summary?window=1h", UriKind.Relative), CancellationToken.None);
            using var list = await app.Http.GetAsync(new Uri("/guard/api/decisions", UriKind.Relative), CancellationToken.None);
            Assert.True(summary.IsSuccessStatusCode && list.IsSuccessStatusCode);
            looks++;
        }

        return looks;
    }
}
