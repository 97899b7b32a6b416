using System.Diagnostics;
using System.Globalization;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Benchmarks;

/// <summary>Many short requests to one client, of every kind and end, to see whether its memory stays what it was.</summary>
internal static class Soak
{
    private const int Parts = 20;
    private const int Concurrent = 12;

    /// <summary>Bytes that the process may grow after the first tenth; what is left in allocators and caches differs by that much.</summary>
    private const long Tolerance = 128L << 20;

    /// <summary>Sends requests and writes the memory after each part.</summary>
    /// <returns>The exit code: 0 when the memory stayed stable.</returns>
    public static async Task<int> RunAsync(int requests, TextWriter output)
    {
        using var client = new OnnxChatClient(ModelFolders.Chat, new() { ContextLength = 512, PrefixCacheBytes = 64 << 20 });
        var (settled, most) = (0L, 0L);
        for (var part = 1; part <= Parts; part++)
        {
            var (done, start) = (0, Stopwatch.GetTimestamp());
            var first = requests * (part - 1) / Parts;
            var count = (requests * part / Parts) - first;
            await Parallel.ForEachAsync(
                Enumerable.Range(first, count),
                new ParallelOptions { MaxDegreeOfParallelism = Concurrent },
                async (index, _) =>
                {
                    await AskAsync(client, index);
                    Interlocked.Increment(ref done);
                });
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var bytes = Environment.WorkingSet;
            (settled, most) = part <= Parts / 10 ? (Math.Max(settled, bytes), 0) : (settled, Math.Max(most, bytes));
            var statistics = client.Statistics;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"requests {first + done} seconds {Stopwatch.GetElapsedTime(start).TotalSeconds:0} working-set-mb {bytes >> 20} managed-mb {GC.GetTotalMemory(false) >> 20} "
                + $"cache-mb {statistics.PrefixCacheBytes >> 20} running {statistics.RunningSequences} queued {statistics.QueuedRequests}"));
        }

        var stable = most <= settled + Tolerance;
        await output.WriteLineAsync(stable ? "stable" : "GROWS");
        return stable ? 0 : 1;
    }

    private static async Task AskAsync(OnnxChatClient client, int index)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"Question {index}: name a colour.");
        var options = new ChatOptions { MaxOutputTokens = 4, Temperature = 1, Seed = index };
        switch (index % 10)
        {
            case 0:
                await client.GenerateSamplesAsync([new(ChatRole.User, question)], 3, options);
                break;
            case 1:
                await client.ScoreContinuationsAsync([new(ChatRole.User, question)], ["Red.", "Blue, of course."]);
                break;
            case 2:
                // Whoever leaves early.
                await foreach (var update in client.GetStreamingResponseAsync(question, options))
                {
                    break;
                }

                break;
            case 3:
                using (var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(index % 200)))
                {
                    try
                    {
                        await client.GetResponseAsync(question, options, stop.Token);
                    }
                    catch (OperationCanceledException)
                    {
                    }
                }

                break;
            default:
                options.RequestLogProbabilities(2);
                await client.GetResponseAsync(question, options);
                break;
        }
    }
}
