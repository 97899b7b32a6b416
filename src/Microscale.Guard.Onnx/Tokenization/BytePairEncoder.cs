using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>Byte pair encoding (Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units",
/// ACL 2016): begins with the single bytes or characters of a piece and joins the neighbours that come first in the list of merges,
/// as long as there are any.</summary>
/// <remarks>The library tokenizer (Microsoft.ML.Tokenizers) has neither byte fallback nor pieces taken as they are, which Llama 2
/// and Llama 3 need. Takes time that grows with n log n, however long a piece is. Immutable and safe for concurrent callers.</remarks>
internal sealed class BytePairEncoder
{
    private const int None = -1;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<long, (int Rank, int Id)> _merges = [];
    private readonly int[] _byteIds = new int[256];
    private readonly bool _isByteLevel;
    private readonly bool _ignoresMerges;
    private readonly int _unknown;

    /// <exception cref="FormatException">The merges do not fit the vocabulary.</exception>
    public BytePairEncoder(TokenizerFile file)
    {
        _vocabulary = file.Vocabulary;
        _isByteLevel = file.IsByteLevel;
        _ignoresMerges = file.IgnoresMerges;
        _unknown = file.Unknown is { } unknown ? file.AddedTokens.Find(t => t.Content == unknown)?.Id ?? _vocabulary.GetValueOrDefault(unknown, None) : None;
        for (var b = 0; b < _byteIds.Length; b++)
        {
            var entry = _isByteLevel ? ByteLevelAlphabet.ToChar((byte)b).ToString() : ByteFallback.Entry((byte)b);
            _byteIds[b] = _vocabulary.GetValueOrDefault(entry, _unknown);
        }

        var special = file.AddedTokens.Where(t => t.IsSpecial).Select(t => t.Content).ToHashSet(StringComparer.Ordinal);
        for (var rank = 0; rank < file.Merges.Count; rank++)
        {
            var (left, right) = file.Merges[rank];
            if (special.Contains(left) || special.Contains(right) || special.Contains(left + right))
            {
                // No text may become a control token.
                continue;
            }

            _merges.TryAdd(Pair(Find(left), Find(right)), (rank, Find(left + right)));
        }
    }

    /// <summary>Appends the ids of a piece.</summary>
    public void Encode(string piece, List<int> ids)
    {
        if (_ignoresMerges && TryFind(piece, out var whole))
        {
            ids.Add(whole);
            return;
        }

        var symbols = Symbols(piece);
        if (symbols.Count > 1)
        {
            Merge(symbols);
        }

        ids.AddRange(symbols.Where(s => s != None));
    }

    private bool TryFind(string piece, out int id)
    {
        if (!_isByteLevel)
        {
            return _vocabulary.TryGetValue(piece, out id);
        }

        var bytes = Encoding.UTF8.GetBytes(piece);
        return _vocabulary.TryGetValue(string.Create(bytes.Length, bytes, (entry, source) =>
        {
            for (var i = 0; i < entry.Length; i++)
            {
                entry[i] = ByteLevelAlphabet.ToChar(source[i]);
            }
        }), out id);
    }

    /// <summary>The ids of the single bytes or characters. A character that is no entry is spelled by bytes.</summary>
    private List<int> Symbols(string piece)
    {
        var symbols = new List<int>(piece.Length);
        Span<byte> bytes = stackalloc byte[4];
        Span<char> units = stackalloc char[2];
        var characters = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var rune in piece.EnumerateRunes())
        {
            if (!_isByteLevel && characters.TryGetValue(units[..rune.EncodeToUtf16(units)], out var id))
            {
                symbols.Add(id);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                symbols.Add(_byteIds[b]);
            }
        }

        return symbols;
    }

    /// <summary>Joins until nothing joins; what was taken in by a neighbour becomes <see cref="None"/>.</summary>
    private void Merge(List<int> symbols)
    {
        var next = new int[symbols.Count];
        var previous = new int[symbols.Count];
        var candidates = new PriorityQueue<int, (int Rank, int Place)>(symbols.Count);
        for (var i = 0; i < symbols.Count; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
        }

        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            Propose(i);
        }

        while (candidates.TryDequeue(out var left, out var priority))
        {
            var right = symbols[left] == None ? symbols.Count : next[left];
            if (right == symbols.Count || !_merges.TryGetValue(Pair(symbols[left], symbols[right]), out var merge) || merge.Rank != priority.Rank)
            {
                continue; // One of the two was joined otherwise meanwhile.
            }

            symbols[left] = merge.Id;
            symbols[right] = None;
            next[left] = next[right];
            if (next[left] < symbols.Count)
            {
                previous[next[left]] = left;
                Propose(left);
            }

            if (previous[left] >= 0)
            {
                Propose(previous[left]);
            }
        }

        void Propose(int left)
        {
            if (_merges.TryGetValue(Pair(symbols[left], symbols[next[left]]), out var merge))
            {
                candidates.Enqueue(left, (merge.Rank, left));
            }
        }
    }

    private int Find(string entry) =>
        _vocabulary.TryGetValue(entry, out var id) ? id : throw new FormatException($"the merges make \"{entry}\", which is not in the vocabulary");

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
