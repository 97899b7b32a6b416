using BenchmarkDotNet.Attributes;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Full;

/// <summary>One choice among 49,152 tokens.</summary>
[MemoryDiagnoser]
public class SamplerBenchmarks
{
    private const int Vocabulary = 49_152;

    private readonly SamplerMemory _memory = new(Vocabulary);
    private readonly uint[] _mask = new uint[Vocabulary / 32];
    private readonly float[] _logits = new float[Vocabulary];
    private LogProbabilityReader _reader = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < Vocabulary; i++)
        {
            // Normal by the sum of uniform numbers, about as wide as a language model's.
            _logits[i] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 6);
        }

        _mask.AsSpan(0, 100).Fill(0x0F0F_0F0F);
        _reader = new LogProbabilityReader(ChatTokenizer.Load(ModelFolders.Chat).Bytes);
    }

    [Benchmark(Baseline = true)]
    public int Greedy() => Choose(new());

    [Benchmark]
    public int Temperature() => Choose(new() { Temperature = 1, Seed = 1 });

    [Benchmark]
    public int TopP() => Choose(new() { Temperature = 1, TopP = 0.9f, Seed = 1 });

    [Benchmark]
    public int TopKTopP() => Choose(new() { Temperature = 1, TopK = 50, TopP = 0.9f, Seed = 1 });

    [Benchmark]
    public int MinP() => Choose(new() { Temperature = 1, MinP = 0.05f, Seed = 1 });

    [Benchmark]
    public int MaskedGreedy() => new Sampler(new(), _memory).Choose(_logits, _mask);

    [Benchmark]
    public double LogProbabilityTopFive() => _reader.Read(_logits, 7, 5).LogProbability;

    private int Choose(SamplingSettings settings) => new Sampler(settings, _memory).Choose(_logits);
}
