namespace Microscale.Guard.Grammar;

/// <summary>Writes a list of texts as one deterministic expression.</summary>
internal static class LiteralTrie
{
    public static RegexNode Build(RegexBuilder builder, IEnumerable<byte[]> texts)
    {
        var sorted = texts.ToArray();
        Array.Sort(sorted, static (x, y) => x.AsSpan().SequenceCompareTo(y));
        return sorted.Length == 0 ? builder.Empty : Build(builder, sorted, 0);
    }

    private static RegexNode Build(RegexBuilder builder, ReadOnlySpan<byte[]> texts, int depth)
    {
        if (texts.Length == 1)
        {
            return builder.Literal(texts[0].AsSpan(depth));
        }

        // What all texts share needs no recursion.
        RecursionGuard.Check();
        var shared = texts[0].AsSpan(depth).CommonPrefixLength(texts[^1].AsSpan(depth));
        var prefix = texts[0].AsSpan(depth, shared);
        depth += shared;
        var children = new List<RegexNode>();
        while (texts.Length > 0)
        {
            var count = 1;
            if (texts[0].Length == depth)
            {
                children.Add(builder.Epsilon);
            }
            else
            {
                var head = texts[0][depth];
                while (count < texts.Length && texts[count][depth] == head)
                {
                    count++;
                }

                children.Add(builder.Concat(builder.Bytes(ByteSet.Of(head)), Build(builder, texts[..count], depth + 1)));
            }

            texts = texts[count..];
        }

        return builder.Concat([.. prefix.ToArray().Select(b => builder.Bytes(ByteSet.Of(b))), builder.Or([.. children])]);
    }
}
