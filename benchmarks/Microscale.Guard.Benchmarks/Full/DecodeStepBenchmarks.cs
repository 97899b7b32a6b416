using BenchmarkDotNet.Attributes;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Full;

/// <summary>One step of the decoder after a context.</summary>
[MemoryDiagnoser]
public class DecodeStepBenchmarks : IDisposable
{
    private DecoderModel _model = null!;
    private DecoderState _state = null!;

    [Params(128, 1024)]
    public int Context { get; set; }

    [Params(false, true)]
    public bool Exact { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _model = DecoderModel.Load(ModelFolders.Chat, threadCount: null, allowSpinning: true);
        _state = new DecoderState(_model, Context + 1);
        _state.Prefill([.. Enumerable.Range(0, Context).Select(i => 100 + (i * 37 % 40_000))], default);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _state.Dispose();
        _model.Dispose();
    }

    [Benchmark]
    public float Step()
    {
        _state.Step(100, Exact);
        var logit = _state.Logits[0];
        _state.Truncate(Context);
        return logit;
    }
}
