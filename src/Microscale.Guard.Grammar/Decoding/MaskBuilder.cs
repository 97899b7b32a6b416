namespace Microscale.Guard.Grammar;

/// <summary>Finds the tokens that may follow. Not safe for concurrent callers.</summary>
internal sealed class MaskBuilder(Parser parser, TokenVocabulary vocabulary)
{
    private ParserState[] _path = [];

    public uint[] Build(ParserState state)
    {
        var mask = new uint[vocabulary.MaskLength];
        Walk(vocabulary.Trie, 0, vocabulary.Trie.Count, state, mask);
        if (state.IsAccepting)
        {
            vocabulary.AllowEnd(mask);
        }

        return mask;
    }

    /// <summary>Allows the tokens of some subtrees that the state can read; the nodes before <paramref name="from"/> on the way
    /// from the root have been read.</summary>
    private void Walk(TokenTrie trie, int from, int to, ParserState state, uint[] mask)
    {
        if (from == to)
        {
            return;
        }

        if (_path.Length <= trie.Depth)
        {
            _path = new ParserState[trie.Depth + 1];
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
