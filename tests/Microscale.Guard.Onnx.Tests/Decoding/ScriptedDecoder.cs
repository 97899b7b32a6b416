namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>A model without weights: what follows some tokens is a function of them, so that every answer can be checked, whatever
/// else was worked on at the same time.</summary>
internal sealed class ScriptedDecoder : IDecoder
{
    public const int Vocabulary = 64;

    private readonly TaskCompletionSource _released = new();
    private int _users = 1;
    private bool _disposed;

    /// <summary>Bytes of tokens: each is a letter.</summary>
    public static TokenBytes Bytes { get; } = new(new TokenizerFile
    {
        Vocabulary = Enumerable.Range(0, Vocabulary).ToDictionary(i => ((char)('0' + i)).ToString()),
        Merges = [],
        SpecialTokens = [],
    });

    /// <summary>Called before each run with the row it is for, -1 for a step, and the tokens.</summary>
    public Action<int, int[]> OnRun { get; set; } = (_, _) => { };

    /// <summary>The most rows there were.</summary>
    public int MostRows { get; set; }

    /// <summary>Ends when the scheduler's thread has left the model.</summary>
    public Task Released => _released.Task;

    public bool BatchDisposed { get; set; }

    /// <summary>The most probable token after some others.</summary>
    public static int After(IReadOnlyList<int> tokens) => (int)(tokens.Aggregate(17u, (h, t) => unchecked((h * 31) + (uint)t)) >> 7) % Vocabulary;

    /// <summary>What the model makes of a prompt.</summary>
    public static int[] Answer(IReadOnlyList<int> prompt, int length)
    {
        var tokens = prompt.ToList();
        for (var i = 0; i < length; i++)
        {
            tokens.Add(After(tokens));
        }

        return [.. tokens.Skip(prompt.Count)];
    }

    public void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Interlocked.Increment(ref _users);
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _released.TrySetResult();
        }
    }

    /// <summary>From now on it is disposed.</summary>
    public void Dispose()
    {
        _disposed = true;
        Exit();
    }

    public SequenceBatch CreateBatch() => new Batch(this);

    private sealed class Batch(ScriptedDecoder decoder) : SequenceBatch
    {
        private readonly List<List<int>> _rows = [];
        private float[] _logits = new float[Vocabulary];

        public override int Rows => _rows.Count;

        public override long Bytes => 0;

        /// <summary>A token is its own key and value.</summary>
        public override int KeyValuesPerToken => 1;

        public override int VocabularySize => Vocabulary;

        public override int Length(int row) => _rows[row].Count;

        public override void AddRow()
        {
            _rows.Add([]);
            decoder.MostRows = Math.Max(decoder.MostRows, _rows.Count);
        }

        public override void RemoveLastRow() => _rows.RemoveAt(_rows.Count - 1);

        public override void CopyRow(int from, int to) => _rows[to] = [.. _rows[from]];

        public override void SwapRows(int first, int second) => (_rows[first], _rows[second]) = (_rows[second], _rows[first]);

        public override void Truncate(int row, int length) => _rows[row].RemoveRange(length, _rows[row].Count - length);

        public override ReadOnlySpan<float> Read(int row, ReadOnlySpan<int> tokens)
        {
            Assert.NotEqual(0, tokens.Length);
            decoder.OnRun(row, tokens.ToArray());
            _rows[row].AddRange(tokens);
            _logits = Of(_rows[row]);
            return _logits;
        }

        public override ReadOnlySpan<float> ReadAll(int row, ReadOnlySpan<int> tokens)
        {
            decoder.OnRun(row, tokens.ToArray());
            var all = new List<float>();
            foreach (var token in tokens)
            {
                _rows[row].Add(token);
                all.AddRange(Of(_rows[row]));
            }

            return all.ToArray();
        }

        public override void Step(ReadOnlySpan<int> tokens)
        {
            decoder.OnRun(-1, tokens.ToArray());
            _logits = new float[tokens.Length * Vocabulary];
            for (var row = 0; row < tokens.Length; row++)
            {
                _rows[row].Add(tokens[row]);
                Of(_rows[row]).CopyTo(_logits, row * Vocabulary);
            }
        }

        public override ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * Vocabulary, Vocabulary);

        public override void Export(int row, int start, int count, Span<float> block, int blockStart)
        {
            for (var i = 0; i < count; i++)
            {
                block[blockStart + i] = _rows[row][start + i];
            }
        }

        public override void Import(int row, ReadOnlySpan<float> block, int count)
        {
            for (var i = 0; i < count; i++)
            {
                _rows[row].Add((int)block[i]);
            }
        }

        public override void Trim() => Assert.Empty(_rows);

        public override void Dispose() => decoder.BatchDisposed = true;

        private static float[] Of(List<int> tokens)
        {
            var logits = new float[Vocabulary];
            logits[After(tokens)] = 10;
            return logits;
        }
    }
}
