using System.Numerics;

namespace Microscale.Guard.Grammar;

/// <summary>Finds the tokens that may follow. Terminals that hold free text are looked at alone, once, as most tokens are inside of
/// them; for the rest the tree of tokens is walked with the parser. Not safe for concurrent callers.</summary>
internal sealed class MaskBuilder(Parser parser, TokenVocabulary vocabulary, LexemeMasks lexemes)
{
    private const int MaxMasks = 4096;

    private readonly List<ParserState> _withMask = [];
    private readonly List<(ParserRow Row, int Terminal, RegexNode Remainder)> _texts = [];
    private ParserState[] _path = new ParserState[vocabulary.Trie.Depth + 1];

    /// <summary>The mask of a state, which keeps it.</summary>
    public uint[] Build(ParserState state)
    {
        if (_withMask.Count >= MaxMasks)
        {
            _withMask.ForEach(s => s.Mask = null);
            _withMask.Clear();
        }

        var mask = new uint[vocabulary.MaskLength];
        _texts.Clear();
        var others = parser.Split(state, lexemes.IsText, _texts);
        if (others.Threads.Length > 0)
        {
            Walk(vocabulary.Trie, 0, vocabulary.Trie.Count, others, mask);
        }

        foreach (var (row, terminal, rest) in _texts)
        {
            AddText(mask, parser.Follow(row, terminal), terminal, rest);
        }

        if (state.IsAccepting)
        {
            vocabulary.AllowEnd(mask);
        }

        state.Mask = mask;
        _withMask.Add(state);
        return mask;
    }

    private void AddText(uint[] mask, ParserState follow, int terminal, RegexNode rest)
    {
        var needsExits = follow.Threads.Length > 0;
        var lexeme = lexemes.Of(terminal, rest, needsExits);
        Add(mask, lexeme.Allowed);
        foreach (var exit in lexeme.Exits)
        {
            Walk(lexeme.Trie, exit + 1, lexeme.Trie.Ends[exit], follow, mask);
        }
    }

    private static void Add(uint[] mask, uint[] more)
    {
        var i = 0;
        for (; i <= mask.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            (new Vector<uint>(mask, i) | new Vector<uint>(more, i)).CopyTo(mask, i);
        }

        for (; i < mask.Length; i++)
        {
            mask[i] |= more[i];
        }
    }

    /// <summary>Allows the tokens of some subtrees that the state can read; the nodes above them have been read.</summary>
    private void Walk(TokenTrie trie, int from, int to, ParserState state, uint[] mask)
    {
        if (from == to)
        {
            return;
        }

        var path = _path;
        var (bytes, depths, ends, tokens) = (trie.Bytes, trie.Depths, trie.Ends, trie.Tokens);
        var classOf = parser.Classes.ClassOf;
        var dead = parser.Dead;
        path[depths[from]] = state;
        for (var node = from; node < to;)
        {
            var depth = depths[node];
            var at = path[depth];
            var byteClass = classOf[bytes[node]];
            var next = at.Next[byteClass] ?? parser.Step(at, byteClass);
            if (next == dead)
            {
                node = ends[node];
                continue;
            }

            if (tokens[node] != TokenTrie.None)
            {
                vocabulary.Allow(mask, tokens[node]);
            }

            path[depth + 1] = next;
            node++;
        }
    }
}
