using System.Globalization;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Decode speed against what the machine's memory allows: tokens a second, divided by read bandwidth over the bytes that
/// a token reads. Two threads in both; the two are measured in turn, and the best of each counts, because other work on the
/// machine can only slow them down.</summary>
internal sealed class DecodeShareBenchmark(int contextLength) : IQuickBenchmark
{
    private const int Rounds = 20;

    public IReadOnlyList<string> Names =>
    [
        Name("decode-share"),
        Name("decode-tokens-per-second"),
        Name("memory-read-gb-per-second"),
        contextLength == 128 ? "decode-bytes-per-token" : Name("decode-bytes-per-token"),
    ];

    public IReadOnlyList<double> Run()
    {
        var threads = Math.Min(2, Environment.ProcessorCount);
        using var memory = new MemoryBandwidth(threads);
        using var decode = new DecodeBench(contextLength, threads);
        decode.RunRound();
        var (bandwidth, seconds, bytes) = (0.0, double.MaxValue, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            bandwidth = Math.Max(bandwidth, memory.Measure());
            var result = decode.RunRound();
            seconds = Math.Min(seconds, result.Seconds);
            bytes = Math.Max(bytes, result.Bytes);
        }

        var limit = bandwidth / DecodeBench.BytesPerStep(contextLength);
        return [1 / seconds / limit, 1 / seconds, bandwidth / 1e9, bytes];
    }

    private string Name(string figure) => string.Create(CultureInfo.InvariantCulture, $"{figure}-{contextLength}");
}
