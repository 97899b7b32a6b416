namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The time to the first token of the second question of a conversation, without a cache over with one: 600 tokens and an
/// answer of 32, then a question of 24.</summary>
internal sealed class PrefixCacheBenchmark : IQuickBenchmark
{
    private const int Rounds = 6;

    public IReadOnlyList<string> Names { get; } = ["prefix-cache-speedup"];

    public IReadOnlyList<double> Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<double>> RunAsync()
    {
        using var bench = new EngineBench();
        using var plain = bench.Start();
        using var caching = bench.Start(cacheBytes: 256 << 20);
        var (uncached, cached) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var first = bench.NewPrompt(632);
            var second = (int[])[.. first, .. bench.NewPrompt(24)];
            uncached = Math.Min(uncached, await EngineBench.RunAsync(plain, second, length: 1));
            await EngineBench.RunAsync(caching, first, length: 1);
            cached = Math.Min(cached, await EngineBench.RunAsync(caching, second, length: 1));
        }

        return [uncached / cached];
    }
}
