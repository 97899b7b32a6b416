namespace Microscale.Guard.Grammar;

/// <summary>The bytes in classes whose members no expression of a grammar tells apart.</summary>
internal sealed class ByteClasses
{
    private readonly byte[] _classOf = new byte[256];

    private ByteClasses(int[] classOf)
    {
        var ids = new Dictionary<int, byte>();
        var representatives = new List<byte>();
        for (var b = 0; b < 256; b++)
        {
            if (!ids.TryGetValue(classOf[b], out var id))
            {
                ids[classOf[b]] = id = (byte)ids.Count;
                representatives.Add((byte)b);
            }

            _classOf[b] = id;
        }

        Representatives = [.. representatives];
    }

    /// <summary>A byte of each class.</summary>
    public byte[] Representatives { get; }

    public int Count => Representatives.Length;

    /// <summary>The class of each byte.</summary>
    public ReadOnlySpan<byte> ClassOf => _classOf;

    /// <summary>The classes of some expressions and of all that can be derived from them.</summary>
    public static ByteClasses Of(IEnumerable<RegexNode> roots)
    {
        var classOf = new int[256];
        var count = 1;
        var renamed = new Dictionary<int, int>();
        foreach (var set in Sets(roots))
        {
            renamed.Clear();
            for (var b = set.Next(0); b < 256; b = set.Next(b + 1))
            {
                if (!renamed.TryGetValue(classOf[b], out var id))
                {
                    renamed[classOf[b]] = id = count++;
                }

                classOf[b] = id;
            }
        }

        return new ByteClasses(classOf);
    }

    private static HashSet<ByteSet> Sets(IEnumerable<RegexNode> roots)
    {
        var sets = new HashSet<ByteSet>();
        var seen = new HashSet<RegexNode>(roots);
        var open = new Stack<RegexNode>(seen);
        while (open.TryPop(out var node))
        {
            switch (node.Kind)
            {
                case RegexKind.Bytes:
                    sets.Add(node.Set);
                    break;
                case RegexKind.MultipleOf:
                    for (var b = MultipleOfState.Alphabet.Next(0); b < 256; b = MultipleOfState.Alphabet.Next(b + 1))
                    {
                        sets.Add(ByteSet.Of((byte)b));
                    }

                    break;
                case RegexKind.JsonEscaped:
                    sets.UnionWith(JsonEscapes.Alphabet);
                    break;
            }

            Open(node.Left);
            Open(node.Right);
            foreach (var child in node.Children)
            {
                Open(child);
            }
        }

        return sets;

        void Open(RegexNode? node)
        {
            if (node is not null && seen.Add(node))
            {
                open.Push(node);
            }
        }
    }
}
