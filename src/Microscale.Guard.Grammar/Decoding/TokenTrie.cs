namespace Microscale.Guard.Grammar;

/// <summary>The bytes of tokens as a tree, its nodes in depth-first order. Immutable.</summary>
internal sealed class TokenTrie
{
    /// <summary>No token ends at a node.</summary>
    public const int None = -1;

    private TokenTrie(byte[] bytes, int[] depths, int[] ends, int[] tokens, int depth)
    {
        Bytes = bytes;
        Depths = depths;
        Ends = ends;
        Tokens = tokens;
        Depth = depth;
    }

    /// <summary>The last byte of each node.</summary>
    public byte[] Bytes { get; }

    /// <summary>How many bytes lead to the parent of each node.</summary>
    public int[] Depths { get; }

    /// <summary>The first node after the subtree of each node.</summary>
    public int[] Ends { get; }

    /// <summary>The token that ends at each node, or <see cref="None"/>; of tokens with the same bytes the first.</summary>
    public int[] Tokens { get; }

    /// <summary>The length in bytes of the longest token.</summary>
    public int Depth { get; }

    public int Count => Bytes.Length;

    /// <summary>Makes the tree of some tokens, which are sorted by their bytes and all different.</summary>
    public static TokenTrie Build(TokenVocabulary vocabulary, IReadOnlyList<int> sorted)
    {
        var (bytes, depths, tokens) = (new List<byte>(), new List<int>(), new List<int>());
        var ends = new List<int>();
        var path = new Stack<int>();
        var previous = ReadOnlySpan<byte>.Empty;
        foreach (var token in sorted)
        {
            var current = vocabulary[token].Span;
            var shared = previous.CommonPrefixLength(current);
            while (path.Count > shared)
            {
                ends[path.Pop()] = bytes.Count;
            }

            for (var i = shared; i < current.Length; i++)
            {
                path.Push(bytes.Count);
                bytes.Add(current[i]);
                depths.Add(i);
                tokens.Add(None);
                ends.Add(0);
            }

            tokens[^1] = token;
            previous = current;
        }

        while (path.TryPop(out var node))
        {
            ends[node] = bytes.Count;
        }

        return new TokenTrie([.. bytes], [.. depths], [.. ends], [.. tokens], depths.Count == 0 ? 0 : depths.Max() + 1);
    }
}
