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
    private readonly OrtValue _exactStepIds;
    private KeyValueBuffers _keyValues;
    private long[] _mask;
    private OrtValue _maskValue;
    private OrtValue? _boundStep;
    private int _lastToken = -1;

    public DecoderState(DecoderModel model, int tokens)
    {
        _model = model;
        _binding = model.Session.CreateIoBinding();
        _logits = GC.AllocateArray<float>(model.Config.VocabularySize, pinned: true);
        _logitsValue = OrtValue.CreateTensorValueFromMemory(_logits, [1, 1, _logits.Length]);
        _stepIds = IdsTensor(1);
        _exactStepIds = IdsTensor(2);
        _keepValue = OrtValue.CreateTensorValueFromMemory(new long[] { 1 }, []);
        BindLogits();
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
        _lastToken = -1;
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
            BindChunk(chunk);
            Run(chunk.Length);
            tokens = tokens[chunk.Length..];
        }
    }

    /// <summary>Reads tokens and gives the logits after each of them; <see cref="Logits"/> are then those after the last.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="rows">Receives a row of logits for each token.</param>
    public void ReadAll(ReadOnlySpan<int> tokens, float[] rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, ChunkLength);
        EnsureCapacity(Length + tokens.Length);
        BindChunk(tokens);
        var size = tokens.Length * _logits.Length;
        using var keep = OrtValue.CreateTensorValueFromMemory(new long[] { tokens.Length }, []);
        using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows.AsMemory(0, size), [1, tokens.Length, _logits.Length]);
        _binding.BindInput(DecoderModel.LogitsToKeepName, keep);
        _binding.BindOutput(DecoderModel.LogitsName, output);
        try
        {
            Run(tokens.Length);
        }
        finally
        {
            BindLogits();
        }

        rows.AsSpan(size - _logits.Length, _logits.Length).CopyTo(_logits);
    }

    /// <summary>Reads one token, after which <see cref="Logits"/> are those of the token that follows.</summary>
    /// <param name="token">The token.</param>
    /// <param name="exact">Whether to compute as in <see cref="Prefill"/>. The runtime has another attention kernel for single
    /// tokens; it rounds otherwise, which 8-bit layers amplify to some hundredths of a log-probability. An exact step reads the
    /// last token again together with the new one, so that one kernel computes everything.</param>
    public void Step(int token, bool exact = false)
    {
        EnsureCapacity(Length + 1);
        exact &= _lastToken >= 0;
        var ids = exact ? _exactStepIds : _stepIds;
        if (_boundStep != ids)
        {
            _binding.BindInput(DecoderModel.IdsName, ids);
            _boundStep = ids;
        }

        if (exact)
        {
            _ids[0] = _lastToken;
            _ids[1] = token;
            Length--;
            Run(2);
        }
        else
        {
            _ids[0] = token;
            Run(1);
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _keyValues.Dispose();
        _maskValue.Dispose();
        _logitsValue.Dispose();
        _keepValue.Dispose();
        _stepIds.Dispose();
        _exactStepIds.Dispose();
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
        _lastToken = (int)_ids[tokens - 1];
    }

    private void BindChunk(ReadOnlySpan<int> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            _ids[i] = tokens[i];
        }

        using var ids = IdsTensor(tokens.Length);
        _binding.BindInput(DecoderModel.IdsName, ids);
        _boundStep = null;
    }

    private void BindLogits()
    {
        _binding.BindOutput(DecoderModel.LogitsName, _logitsValue);
        _binding.BindInput(DecoderModel.LogitsToKeepName, _keepValue);
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
