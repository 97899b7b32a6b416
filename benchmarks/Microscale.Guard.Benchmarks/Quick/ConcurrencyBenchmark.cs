using System.Diagnostics;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Eight requests at the same time over one after the other: tokens a second, and the slowest over the fastest of the
/// eight.</summary>
internal sealed class ConcurrencyBenchmark : IQuickBenchmark
{
    private const int Rounds = 4;
    private const int Requests = 8;
    private const int PromptLength = 64;
    private const int AnswerLength = 48;

    public IReadOnlyList<string> Names { get; } = ["concurrent8-throughput", "concurrent8-spread"];

    public IReadOnlyList<double> Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<double>> RunAsync()
    {
        using var bench = new EngineBench();
        using var engine = bench.Start();
        await EngineBench.RunAsync(engine, bench.NewPrompt(PromptLength), AnswerLength, Requests);
        var (alone, together, spread) = (double.MaxValue, double.MaxValue, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            alone = Math.Min(alone, await EngineBench.RunAsync(engine, bench.NewPrompt(PromptLength), AnswerLength));
            var start = Stopwatch.GetTimestamp();
            var times = await Task.WhenAll(
                Enumerable.Range(0, Requests).Select(_ => bench.NewPrompt(PromptLength)).Select(p => EngineBench.RunAsync(engine, p, AnswerLength)));
            together = Math.Min(together, Stopwatch.GetElapsedTime(start).TotalSeconds);
            spread = Math.Max(spread, times.Max() / times.Min());
        }

        return [Requests * alone / together, spread];
    }
}
