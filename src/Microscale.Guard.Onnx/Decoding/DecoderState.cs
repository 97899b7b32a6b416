using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>One sequence in the making: its keys and values, and the buffers of input and output, bound once to the session.</summary>
/// <remarks>Not safe for concurrent callers; several states may run on one model at the same time.</remarks>
internal sealed class DecoderState : IDisposable
{
    /// <summary>Tokens of a prompt that are run at once: more bring no speed, and cancellation waits for one chunk.</summary>
    private const int ChunkLength = 128;

    private const int SmallestCapacity = 512;

    private readonly DecoderModel _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly long[] _ids = GC.AllocateArray<long>(ChunkLength, pinned: true);
    private readonly float[] _logits;
    private readonly OrtValue _logitsValue;
    private readonly OrtValue _keepValue;
    private readonly OrtValue _stepIds;
    private KeyValueBuffers _keyValues;
    private long[] _mask;
    private OrtValue _maskValue;
    private bool _stepBound;

    public DecoderState(DecoderModel model, int tokens)
    {
        _model = model;
        _binding = model.Session.CreateIoBinding();
        _logits = GC.AllocateArray<float>(model.Config.VocabularySize, pinned: true);
        _logitsValue = OrtValue.CreateTensorValueFromMemory(_logits, [1, 1, _logits.Length]);
        _stepIds = IdsTensor(1);
        _keepValue = OrtValue.CreateTensorValueFromMemory(new long[] { 1 }, []);
        _binding.BindOutput(DecoderModel.LogitsName, _logitsValue);
        _binding.BindInput(DecoderModel.LogitsToKeepName, _keepValue);
        (_keyValues, _mask, _maskValue) = Allocate(CapacityFor(tokens, model.Config.ContextLength));
        BindBuffers();
    }

    /// <summary>How many tokens the model has read.</summary>
    public int Length { get; private set; }

    /// <summary>How many tokens fit before the buffers must grow.</summary>
    public int Capacity => _keyValues.Capacity;

    /// <summary>Bytes of the key and value buffers.</summary>
    public long Bytes => Capacity * _model.Config.KeyValueBytesPerToken;

    /// <summary>The unnormalised log-probabilities of the next token, valid until the next run.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>Forgets all tokens after the first <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        _mask.AsSpan(length).Clear();
        Length = length;
    }

    /// <summary>Reads the tokens of a prompt, after which <see cref="Logits"/> are those of the token that follows.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two chunks.</exception>
    public void Prefill(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        EnsureCapacity(Length + tokens.Length);
        while (!tokens.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = tokens[..Math.Min(ChunkLength, tokens.Length)];
            for (var i = 0; i < chunk.Length; i++)
            {
                _ids[i] = chunk[i];
            }

            using var ids = IdsTensor(chunk.Length);
            _binding.BindInput(DecoderModel.IdsName, ids);
            _stepBound = false;
            Run(chunk.Length);
            tokens = tokens[chunk.Length..];
        }
    }

    /// <summary>Reads one token, after which <see cref="Logits"/> are those of the token that follows.</summary>
    public void Step(int token)
    {
        EnsureCapacity(Length + 1);
        if (!_stepBound)
        {
            _binding.BindInput(DecoderModel.IdsName, _stepIds);
            _stepBound = true;
        }

        _ids[0] = token;
        Run(1);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _keyValues.Dispose();
        _maskValue.Dispose();
        _logitsValue.Dispose();
        _keepValue.Dispose();
        _stepIds.Dispose();
        _runOptions.Dispose();
    }

    private static int CapacityFor(int tokens, int contextLength)
    {
        var capacity = SmallestCapacity;
        while (capacity < tokens)
        {
            capacity *= 2;
        }

        return Math.Min(capacity, contextLength);
    }

    private void Run(int tokens)
    {
        _mask.AsSpan(Length, tokens).Fill(1);
        _model.Session.RunWithBinding(_runOptions, _binding);
        Length += tokens;
    }

    private void EnsureCapacity(int tokens)
    {
        if (tokens <= Capacity)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, _model.Config.ContextLength);
        var (old, oldMask, oldMaskValue) = (_keyValues, _mask, _maskValue);
        (_keyValues, _mask, _maskValue) = Allocate(CapacityFor(tokens, _model.Config.ContextLength));
        _keyValues.CopyFrom(old, Length);
        oldMask.AsSpan(0, Length).CopyTo(_mask);
        BindBuffers();
        old.Dispose();
        oldMaskValue.Dispose();
    }

    private (KeyValueBuffers KeyValues, long[] Mask, OrtValue MaskValue) Allocate(int capacity)
    {
        // The mask is as wide as the buffers; the model counts its ones, so one binding serves every length.
        var mask = GC.AllocateArray<long>(capacity, pinned: true);
        return (new KeyValueBuffers(_model.Config, capacity), mask, OrtValue.CreateTensorValueFromMemory(mask, [1, capacity]));
    }

    private void BindBuffers()
    {
        _binding.BindInput(DecoderModel.MaskName, _maskValue);
        _keyValues.Bind(_binding, _model);
    }

    private OrtValue IdsTensor(int count) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _ids.AsMemory(0, count), [1, count]);
}
