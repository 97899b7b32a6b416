using BenchmarkDotNet.Attributes;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Full;

/// <summary>One step of the decoder after a context.</summary>
[MemoryDiagnoser]
public class DecodeStepBenchmarks : IDisposable
{
    private DecoderModel _model = null!;
    private SharedBufferBatch _batch = null!;
    private int[] _tokens = [];

    [Params(128, 1024)]
    public int Context { get; set; }

    /// <summary>Sequences in one run.</summary>
    [Params(1, 2, 4, 8)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _model = new DecoderModel(ModelFolders.Chat, threadCount: null, allowSpinning: true);
        _model.Load();
        _batch = new SharedBufferBatch(_model);
        _tokens = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            _batch.AddRow();
            while (_batch.Length(row) < Context)
            {
                _batch.Read(row, [.. Enumerable.Range(_batch.Length(row), SequenceBatch.MaxRunLength).Select(i => 100 + ((i + row) * 37 % 40_000))]);
            }
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _batch.Dispose();
        _model.Dispose();
    }

    [Benchmark]
    public float Step()
    {
        _batch.Step(_tokens);
        for (var row = 0; row < Rows; row++)
        {
            _batch.Truncate(row, Context);
        }

        return _batch.Logits(0)[0];
    }
}
