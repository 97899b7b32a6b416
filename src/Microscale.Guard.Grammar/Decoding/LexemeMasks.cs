namespace Microscale.Guard.Grammar;

/// <summary>Makes and keeps the masks of terminals that hold free text. Not safe for concurrent callers.</summary>
internal sealed class LexemeMasks(Lexer lexer, TokenVocabulary vocabulary, TextCapacity capacity)
{
    private const int MaxMasks = 2048;

    private readonly Dictionary<(RegexNode, bool), LexemeMask> _masks = [];
    private readonly LexerState[] _path = new LexerState[vocabulary.Trie.Depth + 1];

    /// <summary>Whether what remains of a terminal begins with free text, so that its own mask is worth keeping.</summary>
    public bool IsText(RegexNode rest) => vocabulary.Slices.For(capacity.Of(rest)) is not null;

    /// <summary>The mask of what remains of a terminal.</summary>
    /// <param name="terminal">The number of the terminal.</param>
    /// <param name="rest">What remains of it.</param>
    /// <param name="needsExits">Whether the places where it may end are asked for.</param>
    public LexemeMask Of(int terminal, RegexNode rest, bool needsExits)
    {
        if (_masks.TryGetValue((rest, needsExits), out var mask))
        {
            return mask;
        }

        if (_masks.Count >= MaxMasks)
        {
            _masks.Clear();
            capacity.Clear();
        }

        return _masks[(rest, needsExits)] = vocabulary.LexemeMasks.GetOrAdd(rest, needsExits, () => Make(lexer.Rest(terminal, rest), rest, needsExits));
    }

    private LexemeMask Make(LexerState state, RegexNode rest, bool needsExits)
    {
        // Tokens of plain text need no look, unless what follows the terminal could begin inside of them.
        var slice = needsExits && TextCapacity.MayEndInText(rest) ? null : vocabulary.Slices.For(capacity.Of(rest));
        var trie = slice?.Others ?? vocabulary.Trie;
        var mask = new uint[vocabulary.MaskLength];
        slice?.Tokens.CopyTo(mask, 0);
        var exits = new List<int>();
        var path = _path;
        var (bytes, depths, ends, tokens) = (trie.Bytes, trie.Depths, trie.Ends, trie.Tokens);
        var classOf = lexer.Classes.ClassOf;
        path[0] = state;
        for (var node = 0; node < trie.Count;)
        {
            var depth = depths[node];
            var at = path[depth];
            var byteClass = classOf[bytes[node]];
            var next = at.Next[byteClass] ?? lexer.Step(at, byteClass);
            if (next == lexer.Dead)
            {
                node = ends[node];
                continue;
            }

            if (tokens[node] != TokenTrie.None)
            {
                vocabulary.Allow(mask, tokens[node]);
            }

            if (needsExits && next.Complete.Length > 0 && ends[node] > node + 1)
            {
                exits.Add(node);
            }

            path[depth + 1] = next;
            node++;
        }

        return new LexemeMask(mask, trie, [.. exits]);
    }
}
