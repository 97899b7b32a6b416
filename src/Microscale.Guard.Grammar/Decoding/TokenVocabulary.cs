namespace Microscale.Guard.Grammar;

/// <summary>The tokens of a model, as masks see them: their bytes, which of them end a text, and which never stand in one.
/// Immutable and safe for concurrent callers; make one for a model and share it.</summary>
public sealed class TokenVocabulary
{
    private readonly ReadOnlyMemory<byte>[] _tokens;
    private readonly bool[] _special;
    private readonly int[] _ends;
    private readonly Dictionary<int, int[]> _aliases = [];
    private readonly Func<string, IReadOnlyList<int>>? _encode;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="tokens">The bytes that each token stands for, by id. A token without bytes is never allowed.</param>
    /// <param name="endTokens">The ids of all tokens that end a text: allowed exactly where a text may end.</param>
    /// <param name="specialTokens">The ids of the other control tokens: never allowed, whatever bytes they have.</param>
    /// <param name="encode">The model's own tokenizer for plain text, without control tokens added; it makes forced text into
    /// the tokens that the model is used to. Without it no tokens are forced.</param>
    /// <exception cref="ArgumentException">An id is not that of a token, or there is no end token.</exception>
    public TokenVocabulary(
        IEnumerable<ReadOnlyMemory<byte>> tokens,
        IEnumerable<int> endTokens,
        IEnumerable<int>? specialTokens = null,
        Func<string, IReadOnlyList<int>>? encode = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(endTokens);
        _tokens = [.. tokens];
        _ends = [.. endTokens.Distinct()];
        _encode = encode;
        if (_ends.Length == 0)
        {
            throw new ArgumentException("A vocabulary needs at least one token that ends a text; otherwise no text could end.", nameof(endTokens));
        }

        _special = new bool[_tokens.Length];
        MarkSpecial(_ends, nameof(endTokens));
        MarkSpecial(specialTokens ?? [], nameof(specialTokens));

        var sorted = SortedText();
        Trie = TokenTrie.Build(this, sorted);
        Slices = new TextSlices(this, sorted);
    }

    /// <summary>How many tokens there are, control tokens included.</summary>
    public int Count => _tokens.Length;

    /// <summary>The ids of the tokens that end a text.</summary>
    public IReadOnlyList<int> EndTokens => _ends;

    /// <summary>How many words of 32 bits a mask has.</summary>
    public int MaskLength => (Count + 31) / 32;

    internal TokenTrie Trie { get; }

    internal TextSlices Slices { get; }

    /// <summary>What grammars of this vocabulary found out for one another.</summary>
    internal SharedLexemeMasks LexemeMasks { get; } = new();

    internal bool CanEncode => _encode is not null;

    /// <summary>The bytes of a token.</summary>
    /// <param name="token">The id.</param>
    public ReadOnlyMemory<byte> this[int token] => _tokens[token];

    /// <summary>Whether a token ends a text.</summary>
    /// <param name="token">The id.</param>
    public bool IsEnd(int token) => Array.IndexOf(_ends, token) >= 0;

    /// <summary>Whether a token is never part of a text: a control token, or one without bytes.</summary>
    /// <param name="token">The id.</param>
    public bool IsSpecial(int token) => _special[token] || _tokens[token].IsEmpty;

    internal IReadOnlyList<int> Encode(string text) => _encode?.Invoke(text) ?? [];

    /// <summary>Sets the bits of a token and of those with the same bytes.</summary>
    internal void Allow(uint[] mask, int token)
    {
        Set(mask, token);
        if (_aliases.Count > 0 && _aliases.TryGetValue(token, out var aliases))
        {
            foreach (var alias in aliases)
            {
                Set(mask, alias);
            }
        }
    }

    internal void AllowEnd(uint[] mask)
    {
        foreach (var token in _ends)
        {
            Set(mask, token);
        }
    }

    private void MarkSpecial(IEnumerable<int> tokens, string parameter)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)_tokens.Length)
            {
                throw new ArgumentException($"{token} is not the id of a token; ids are 0 to {_tokens.Length - 1}.", parameter);
            }

            _special[token] = true;
        }
    }

    private static void Set(uint[] mask, int token) => mask[token >> 5] |= 1u << token;

    private List<int> SortedText()
    {
        var text = Enumerable.Range(0, Count).Where(t => !IsSpecial(t)).ToArray();
        Array.Sort(text, (x, y) => _tokens[x].Span.SequenceCompareTo(_tokens[y].Span) is not 0 and var order ? order : x.CompareTo(y));
        var distinct = new List<int>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i + 1;
            while (end < text.Length && _tokens[text[end]].Span.SequenceEqual(_tokens[text[i]].Span))
            {
                end++;
            }

            distinct.Add(text[i]);
            if (end > i + 1)
            {
                _aliases[text[i]] = text[(i + 1)..end];
            }

            i = end;
        }

        return distinct;
    }
}
