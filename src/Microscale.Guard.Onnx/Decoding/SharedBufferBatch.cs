using System.Diagnostics.CodeAnalysis;

namespace Microscale.Guard.Onnx;

/// <summary>Rows of a model whose attention (GroupQueryAttention) reads and writes keys and values in one buffer.</summary>
/// <remarks>
/// The rows lie one behind the other in a <see cref="KeyValueSlab"/>, so that a run may take any neighbours of them as they are:
/// one row to read a prompt (the runtime reads several tokens of one row at a time only), or the first rows for a step. All have
/// the capacity of the longest; a slab that is full is replaced by one with twice the tokens or rows. What lies beyond a row's
/// tokens is ignored by the model, so nothing is cleared when a sequence is cut short.
/// </remarks>
internal sealed class SharedBufferBatch : SequenceBatch
{
    private const int SmallestCapacity = 512;

    /// <summary>An idle batch keeps at most this much: 5,800 tokens of SmolLM2-135M.</summary>
    private const long MaxIdleBytes = 256L << 20;

    private readonly DecoderModel _model;
    private readonly DirectStep? _directStep;
    private readonly Dictionary<(int Row, int Rows), RowBinding> _bindings = [];
    private long[] _ids = GC.AllocateArray<long>(MaxRunLength, pinned: true);
    private float[] _allLogits = [];
    private KeyValueSlab _slab;
    private long[] _mask;
    private float[] _logits;
    private int[] _lengths;
    private int _rows;

    public SharedBufferBatch(DecoderModel model)
    {
        _model = model;
        _directStep = model.DirectWeights is { } weights ? new(weights, model.Threads, model.AllowSpinning) : null;
        Allocate(1, Math.Min(SmallestCapacity, model.Config.ContextLength));
    }

    public override int Rows => _rows;

    public override long Bytes => _slab.Bytes;

    public override int KeyValuesPerToken => (int)(_model.Config.KeyValueBytesPerToken / sizeof(float));

    public override int VocabularySize => _model.Config.VocabularySize;

    /// <summary>How many tokens fit into a row before the slab must grow.</summary>
    public int Capacity => _slab.Capacity;

    public override bool StepsDirectly => _directStep is not null;

    public override int Length(int row) => _lengths[row];

    public override void AddRow()
    {
        if (_rows == _slab.Rows)
        {
            Grow(2 * _slab.Rows, _slab.Capacity);
        }

        _lengths[_rows++] = 0;
    }

    public override void RemoveLastRow()
    {
        Clear(_rows - 1);
        _rows--;
    }

    public override void CopyRow(int from, int to)
    {
        if (from != to)
        {
            Clear(to);
            _slab.CopyRow(_slab, from, to, _lengths[from]);
            SetLength(to, _lengths[from]);
        }
    }

    public override void SwapRows(int first, int second)
    {
        if (first == second)
        {
            return;
        }

        var (firstLength, secondLength) = (_lengths[first], _lengths[second]);
        var longest = Math.Max(firstLength, secondLength);
        _slab.SwapRows(first, second, longest, new float[longest * _model.Config.HeadSize]);
        Clear(first);
        Clear(second);
        SetLength(first, secondLength);
        SetLength(second, firstLength);
    }

    public override void Truncate(int row, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _lengths[row]);
        MaskOf(row)[length.._lengths[row]].Clear();
        _lengths[row] = length;
    }

    public override ReadOnlySpan<float> Read(int row, ReadOnlySpan<int> tokens)
    {
        Prepare(row, tokens);
        Bind(row, 1).Run(tokens.Length);
        _lengths[row] += tokens.Length;
        return _logits.AsSpan(0, VocabularySize);
    }

    public override ReadOnlySpan<float> ReadAll(int row, ReadOnlySpan<int> tokens)
    {
        Prepare(row, tokens);
        var size = tokens.Length * VocabularySize;
        if (_allLogits.Length < size)
        {
            _allLogits = new float[size];
        }

        Bind(row, 1).RunAll(tokens.Length, _allLogits.AsMemory(0, size));
        _lengths[row] += tokens.Length;
        return _allLogits.AsSpan(0, size);
    }

    public override void Step(ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, _rows);
        for (var row = 0; row < tokens.Length; row++)
        {
            EnsureCapacity(_lengths[row] + 1);
        }

        for (var row = 0; row < tokens.Length; row++)
        {
            _ids[row] = tokens[row];
            MaskOf(row)[_lengths[row]] = 1;
        }

        if (_directStep is not null)
        {
            _directStep.Run(tokens, _slab, _lengths, _logits);
        }
        else
        {
            Bind(0, tokens.Length).Run(1);
        }

        for (var row = 0; row < tokens.Length; row++)
        {
            _lengths[row]++;
        }
    }

    public override ReadOnlySpan<float> Logits(int row) =>
        _logits.AsSpan(row * VocabularySize, VocabularySize);

    public override void Export(int row, int start, int count, Span<float> block, int blockStart)
    {
        var size = _model.Config.HeadSize;
        var stride = block.Length / (_slab.Tensors * _slab.Heads);
        for (var tensor = 0; tensor < _slab.Tensors; tensor++)
        {
            for (var head = 0; head < _slab.Heads; head++)
            {
                var target = block[((((tensor * _slab.Heads) + head) * stride) + (blockStart * size))..];
                _slab.Head(tensor, row, head).Slice(start * size, count * size).CopyTo(target);
            }
        }
    }

    public override void Import(int row, ReadOnlySpan<float> block, int count)
    {
        EnsureCapacity(_lengths[row] + count);
        var size = _model.Config.HeadSize;
        var stride = block.Length / (_slab.Tensors * _slab.Heads);
        for (var tensor = 0; tensor < _slab.Tensors; tensor++)
        {
            for (var head = 0; head < _slab.Heads; head++)
            {
                block.Slice(((tensor * _slab.Heads) + head) * stride, count * size).CopyTo(_slab.Head(tensor, row, head)[(_lengths[row] * size)..]);
            }
        }

        SetLength(row, _lengths[row] + count);
    }

    public override void Trim()
    {
        if (_slab.Bytes > MaxIdleBytes)
        {
            Release();
            Allocate(1, Math.Min(SmallestCapacity, _model.Config.ContextLength));
        }
    }

    public override void Dispose()
    {
        _directStep?.Dispose();
        Release();
    }

    private Span<long> MaskOf(int row) => _mask.AsSpan(row * _slab.Capacity, _slab.Capacity);

    /// <summary>The whole mask: a run that failed may have left ones behind the row's tokens.</summary>
    private void Clear(int row)
    {
        MaskOf(row).Clear();
        _lengths[row] = 0;
    }

    private void SetLength(int row, int length)
    {
        MaskOf(row)[..length].Fill(1);
        _lengths[row] = length;
    }

    private void Prepare(int row, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, MaxRunLength);
        EnsureCapacity(_lengths[row] + tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            _ids[i] = tokens[i];
        }

        MaskOf(row).Slice(_lengths[row], tokens.Length).Fill(1);
    }

    private RowBinding Bind(int row, int rows)
    {
        if (!_bindings.TryGetValue((row, rows), out var binding))
        {
            binding = new RowBinding(_model, _slab, row, rows, _mask, _ids, _logits);
            _bindings.Add((row, rows), binding);
        }

        return binding;
    }

    private void EnsureCapacity(int tokens)
    {
        if (tokens > _slab.Capacity)
        {
            var capacity = _slab.Capacity;
            while (capacity < tokens)
            {
                capacity *= 2;
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, _model.Config.ContextLength);
            Grow(_slab.Rows, Math.Min(capacity, _model.Config.ContextLength));
        }
    }

    private void Grow(int rows, int capacity)
    {
        var (old, lengths, logits) = (_slab, _lengths, _logits);
        ReleaseBindings();
        Allocate(rows, capacity);
        logits.CopyTo(_logits, 0);
        for (var row = 0; row < _rows; row++)
        {
            _slab.CopyRow(old, row, row, lengths[row]);
            SetLength(row, lengths[row]);
        }

        old.Dispose();
    }

    [MemberNotNull(nameof(_slab), nameof(_mask), nameof(_logits), nameof(_lengths))]
    private void Allocate(int rows, int capacity)
    {
        _slab = new KeyValueSlab(_model.Config, rows, capacity);
        _mask = GC.AllocateArray<long>(rows * capacity, pinned: true);
        _logits = GC.AllocateArray<float>(rows * VocabularySize, pinned: true);
        _lengths = new int[rows];
        if (_ids.Length < rows)
        {
            _ids = GC.AllocateArray<long>(rows, pinned: true);
        }
    }

    private void Release()
    {
        ReleaseBindings();
        _slab.Dispose();
    }

    private void ReleaseBindings()
    {
        foreach (var binding in _bindings.Values)
        {
            binding.Dispose();
        }

        _bindings.Clear();
    }
}
