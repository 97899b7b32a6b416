using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>Rows of any decoder: each run takes the keys and values of one row as its past, and gives longer ones as its present.</summary>
/// <remarks>Fits every layout, at the price of a run for each row and a copy of the past in each run. Keys and values are never
/// changed once they are there, so rows that hold the same share them.</remarks>
internal sealed class ConcatenatedBatch : SequenceBatch
{
    private readonly DecoderModel _model;
    private readonly DecoderLayout _layout;
    private readonly DecoderConfig _config;
    private readonly RunOptions _runOptions = new();
    private readonly KeyValues _nothing;
    private readonly List<KeyValues> _rows = [];
    private float[] _logits = [];
    private float[] _allLogits = [];
    private bool _givesLastLogitsOnly;

    /// <summary>How many logits the last run gave.</summary>
    private int _read;

    public ConcatenatedBatch(DecoderModel model)
    {
        (_model, _layout, _config) = (model, model.Layout, model.Config);
        _nothing = New(0);
    }

    public override int Rows => _rows.Count;

    public override long Bytes => _rows.Distinct().Sum(r => (long)r.Length) * KeyValuesPerToken * SizeOf(_layout.KeyValueType);

    public override int KeyValuesPerToken => 2 * _config.Layers * _config.KeyValueHeads * _config.HeadSize;

    public override int VocabularySize => _config.VocabularySize;

    public override int Length(int row) => _rows[row].Length;

    public override void AddRow() => _rows.Add(_nothing.Share());

    public override void RemoveLastRow()
    {
        _rows[^1].Release();
        _rows.RemoveAt(_rows.Count - 1);
    }

    public override void CopyRow(int from, int to)
    {
        if (from != to)
        {
            Replace(to, _rows[from].Share());
        }
    }

    public override void SwapRows(int first, int second) => (_rows[first], _rows[second]) = (_rows[second], _rows[first]);

    public override void Truncate(int row, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length(row));
        if (length < Length(row))
        {
            var cut = New(length);
            for (var tensor = 0; tensor < cut.Tensors.Length; tensor++)
            {
                Copy(_rows[row], 0, cut, 0, length, tensor);
            }

            Replace(row, cut);
        }
    }

    public override ReadOnlySpan<float> Read(int row, ReadOnlySpan<int> tokens)
    {
        Run(row, tokens, keep: 1);
        Reserve(ref _logits, Math.Max(1, Rows) * VocabularySize);
        _allLogits.AsSpan(_read - VocabularySize, VocabularySize).CopyTo(_logits);
        return _logits.AsSpan(0, VocabularySize);
    }

    public override ReadOnlySpan<float> ReadAll(int row, ReadOnlySpan<int> tokens)
    {
        var size = tokens.Length * VocabularySize;
        if (!_givesLastLogitsOnly)
        {
            var before = _rows[row].Share();
            Run(row, tokens, keep: tokens.Length);
            if (_read == size)
            {
                before.Release();
                return _allLogits.AsSpan(0, size);
            }

            // The graph gives the last token's logits whatever is asked, so each token has to be the last once.
            _givesLastLogitsOnly = true;
            Replace(row, before);
        }

        var all = new float[size];
        for (var i = 0; i < tokens.Length; i++)
        {
            Read(row, tokens.Slice(i, 1)).CopyTo(all.AsSpan(i * VocabularySize));
        }

        _allLogits = all;
        return all;
    }

    public override void Step(ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, Rows);
        Reserve(ref _logits, Rows * VocabularySize);
        for (var row = 0; row < tokens.Length; row++)
        {
            Run(row, tokens.Slice(row, 1), keep: 1);
            _allLogits.AsSpan(_read - VocabularySize, VocabularySize).CopyTo(_logits.AsSpan(row * VocabularySize));
        }
    }

    public override ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * VocabularySize, VocabularySize);

    public override void Export(int row, int start, int count, Span<float> block, int blockStart)
    {
        var size = _config.HeadSize;
        var stride = block.Length / (_layout.PastNames.Count * _config.KeyValueHeads);
        for (var tensor = 0; tensor < _layout.PastNames.Count; tensor++)
        {
            for (var head = 0; head < _config.KeyValueHeads; head++)
            {
                var target = block[((((tensor * _config.KeyValueHeads) + head) * stride) + (blockStart * size))..];
                ReadNumbers(_rows[row].Tensors[tensor], ((head * Length(row)) + start) * size, target[..(count * size)]);
            }
        }
    }

    public override void Import(int row, ReadOnlySpan<float> block, int count)
    {
        var (old, longer, size) = (_rows[row], New(Length(row) + count), _config.HeadSize);
        var stride = block.Length / (_layout.PastNames.Count * _config.KeyValueHeads);
        for (var tensor = 0; tensor < longer.Tensors.Length; tensor++)
        {
            Copy(old, 0, longer, 0, old.Length, tensor);
            for (var head = 0; head < _config.KeyValueHeads; head++)
            {
                WriteNumbers(
                    block.Slice(((tensor * _config.KeyValueHeads) + head) * stride, count * size), longer.Tensors[tensor], ((head * longer.Length) + old.Length) * size);
            }
        }

        Replace(row, longer);
    }

    public override void Trim()
    {
        _logits = [];
        _allLogits = [];
    }

    public override void Dispose()
    {
        _rows.ForEach(r => r.Release());
        _rows.Clear();
        _nothing.Release();
        _runOptions.Dispose();
    }

    /// <summary>Runs the model over tokens of a row, whose keys and values are then longer. The logits are in
    /// <see cref="_allLogits"/>.</summary>
    private void Run(int row, ReadOnlySpan<int> tokens, int keep)
    {
        var past = _rows[row];
        var names = new List<string>();
        var values = new List<OrtValue>();
        try
        {
            Add(_layout.Ids, [1, tokens.Length], tokens.ToArray().Select(t => (long)t));
            Add(_layout.Mask, [1, past.Length + tokens.Length], Enumerable.Repeat(1L, past.Length + tokens.Length));
            Add(_layout.Positions, [1, tokens.Length], Enumerable.Range(past.Length, tokens.Length).Select(p => (long)p));
            Add(_layout.LogitsToKeep, [], [keep]);
            if (_layout.UseCache is { } useCache)
            {
                names.Add(useCache.Name);
                values.Add(OrtValue.CreateTensorValueFromMemory(new[] { past.Length > 0 }, [1]));
            }

            names.AddRange(_layout.PastNames);
            string[] outputs = [_layout.Logits.Name, .. _layout.PresentNames];
            var results = _model.Session.Run(_runOptions, names, [.. values, .. past.Tensors], outputs);
            using var logits = results[0];
            var present = new KeyValues([.. results.Skip(1)], past.Length + tokens.Length);
            Replace(row, present);
            TakeLogits(logits);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }

        void Add(GraphTensor? tensor, long[] shape, IEnumerable<long> numbers)
        {
            if (tensor is { } input)
            {
                names.Add(input.Name);
                values.Add(input.Type == TensorElementType.Int64
                    ? OrtValue.CreateTensorValueFromMemory(numbers.ToArray(), shape)
                    : OrtValue.CreateTensorValueFromMemory(numbers.Select(n => (int)n).ToArray(), shape));
            }
        }
    }

    private void TakeLogits(OrtValue logits)
    {
        var shape = logits.GetTensorTypeAndShape().Shape;
        if (shape[^1] != VocabularySize)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"The graph gives {shape[^1]} logits a token, but the configuration says that the vocabulary has {VocabularySize}: correct vocab_size."));
        }

        _read = (int)shape.Aggregate(1L, (a, b) => a * b);
        Reserve(ref _allLogits, _read);
        ReadNumbers(logits, 0, _allLogits.AsSpan(0, _read));
    }

    private static void Reserve(ref float[] memory, int size)
    {
        if (memory.Length < size)
        {
            memory = new float[size];
        }
    }

    private static int SizeOf(TensorElementType type) => type == TensorElementType.Float ? sizeof(float) : sizeof(ushort);

    private static void ReadNumbers(OrtValue value, int start, Span<float> numbers)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
        {
            value.GetTensorDataAsSpan<float>().Slice(start, numbers.Length).CopyTo(numbers);
        }
        else
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).Slice(start, numbers.Length), numbers);
        }
    }

    private static void WriteNumbers(ReadOnlySpan<float> numbers, OrtValue value, int start)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
        {
            numbers.CopyTo(value.GetTensorMutableDataAsSpan<float>()[start..]);
        }
        else
        {
            TensorPrimitives.ConvertToHalf(numbers, MemoryMarshal.Cast<Float16, Half>(value.GetTensorMutableDataAsSpan<Float16>())[start..]);
        }
    }

    private void Copy(KeyValues from, int fromStart, KeyValues to, int toStart, int count, int tensor)
    {
        var size = _config.HeadSize;
        var numbers = new float[count * size];
        for (var head = 0; head < _config.KeyValueHeads; head++)
        {
            ReadNumbers(from.Tensors[tensor], ((head * from.Length) + fromStart) * size, numbers);
            WriteNumbers(numbers, to.Tensors[tensor], ((head * to.Length) + toStart) * size);
        }
    }

    private KeyValues New(int length) => new(
        [.. _layout.PastNames.Select(_ => OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, _layout.KeyValueType, [1, _config.KeyValueHeads, length, _config.HeadSize]))],
        length);

    private void Replace(int row, KeyValues by)
    {
        _rows[row].Release();
        _rows[row] = by;
    }

    /// <summary>Keys and values of some tokens, which several rows may hold.</summary>
    private sealed class KeyValues(OrtValue[] tensors, int length)
    {
        private int _holders = 1;

        public OrtValue[] Tensors => tensors;

        public int Length => length;

        public KeyValues Share()
        {
            _holders++;
            return this;
        }

        public void Release()
        {
            if (--_holders == 0)
            {
                Array.ForEach(tensors, t => t.Dispose());
            }
        }
    }
}
