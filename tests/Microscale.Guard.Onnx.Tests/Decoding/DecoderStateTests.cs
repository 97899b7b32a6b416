using Microscale.Guard.Onnx.Tests.Models;


namespace Microscale.Guard.Onnx.Tests.Decoding;

public sealed class DecoderStateTests : IDisposable
{
    private readonly DecoderModel _model = DecoderModel.Load(TestModels.Chat, threadCount: null, allowSpinning: false);
    private readonly int[] _tokens = [.. Enumerable.Range(0, 560).Select(i => 100 + (i * 37 % 40_000))];

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Prefill_LongerThanTheBuffers_GrowsThemAndKeepsWhatWasRead()
    {
        using var grown = new DecoderState(_model, 1);
        grown.Prefill(_tokens.AsSpan(0, 500), default);
        Assert.Equal(512, grown.Capacity);
        grown.Prefill(_tokens.AsSpan(500), default);
        Assert.Equal(1024, grown.Capacity);

        using var whole = new DecoderState(_model, _tokens.Length);
        whole.Prefill(_tokens, default);

        Assert.Equal(_tokens, grown.Tokens);
        AssertClose(whole, grown);
    }

    [Fact]
    public void Truncate_ThenReadAgain_IsAsIfNothingHadBeenThere()
    {
        using var state = new DecoderState(_model, 1);
        state.Prefill(_tokens.AsSpan(100, 80), default);
        state.Truncate(0);
        state.Prefill(_tokens.AsSpan(0, 20), default);
        state.Prefill(_tokens.AsSpan(300, 30), default);
        state.Truncate(20);
        state.Prefill(_tokens.AsSpan(20, 10), default);

        using var fresh = new DecoderState(_model, 1);
        fresh.Prefill(_tokens.AsSpan(0, 30), default);

        Assert.Equal(_tokens.AsSpan(0, 30), state.Tokens);
        AssertClose(fresh, state);
    }

    [Fact]
    public void Prefill_Cancelled_StopsBetweenChunks()
    {
        using var state = new DecoderState(_model, 1);

        Assert.ThrowsAny<OperationCanceledException>(() => state.Prefill(_tokens, new CancellationToken(true)));
        Assert.Equal(0, state.Length);
    }

    [Fact]
    public void Step_SteadyState_AllocatesNothing()
    {
        using var state = new DecoderState(_model, 1);
        state.Prefill(_tokens.AsSpan(0, 20), default);
        state.Step(100);
        state.Step(101);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            state.Step(102 + i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertClose(DecoderState expected, DecoderState actual)
    {
        var difference = 0f;
        for (var i = 0; i < expected.Logits.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(expected.Logits[i] - actual.Logits[i]));
        }

        // Chunks of another length may round otherwise on some machines.
        Assert.True(difference < 0.5f, $"{difference}");
    }
}
