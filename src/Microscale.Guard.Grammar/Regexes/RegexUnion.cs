namespace Microscale.Guard.Grammar;

/// <summary>Brings unions into normal form: flat, sorted, byte sets merged, repetitions of the same with overlapping bounds joined,
/// and common heads taken out.</summary>
internal static class RegexUnion
{
    public static RegexNode Build(RegexBuilder builder, ReadOnlySpan<RegexNode> nodes)
    {
        RecursionGuard.Check();
        var members = new List<RegexNode>(nodes.Length);
        var set = ByteSet.Empty;
        foreach (var node in nodes)
        {
            if (!Add(builder, node, members, ref set))
            {
                return builder.All;
            }
        }

        if (!set.IsEmpty)
        {
            members.Add(builder.Bytes(set));
        }

        Normalize(builder, members);
        return members.Count switch
        {
            0 => builder.Empty,
            1 => members[0],
            _ => builder.InternOr([.. members]),
        };
    }

    private static bool Add(RegexBuilder builder, RegexNode node, List<RegexNode> members, ref ByteSet set)
    {
        if (node == builder.All)
        {
            return false;
        }

        switch (node.Kind)
        {
            case RegexKind.Empty:
                break;
            case RegexKind.Bytes:
                set |= node.Set;
                break;
            case RegexKind.Or:
                foreach (var child in node.Children)
                {
                    Add(builder, child, members, ref set);
                }

                break;
            default:
                members.Add(node);
                break;
        }

        return true;
    }

    private static void Normalize(RegexBuilder builder, List<RegexNode> members)
    {
        while (members.Count > 1)
        {
            SortDistinct(members);
            if (members[0] == builder.Epsilon && members.Exists(m => m != builder.Epsilon && m.Nullable))
            {
                members.RemoveAt(0);
            }

            if (members.Count < 2 || !Factor(builder, members))
            {
                return;
            }
        }
    }

    private static void SortDistinct(List<RegexNode> members)
    {
        members.Sort(static (x, y) => x.Id.CompareTo(y.Id));
        var kept = 1;
        for (var i = 1; i < members.Count; i++)
        {
            if (members[i] != members[kept - 1])
            {
                members[kept++] = members[i];
            }
        }

        members.RemoveRange(kept, members.Count - kept);
    }

    /// <summary>Joins one pair of members, or more, where that shortens the union.</summary>
    private static bool Factor(RegexBuilder builder, List<RegexNode> members)
    {
        var groups = new Dictionary<(int, int), int>(members.Count);
        var joined = false;
        var kept = 0;
        for (var i = 0; i < members.Count; i++)
        {
            var node = members[i];
            var (head, tail) = node.Kind == RegexKind.Concat ? (node.Left!, node.Right!) : (node, builder.Epsilon);

            // Repetitions of one thing with the same tail make a group; other concatenations with the same head make one too.
            var key = head.Kind == RegexKind.Repeat ? (head.Left!.Id, tail.Id) : node.Kind == RegexKind.Concat ? (head.Id, -1) : (-1, -1);
            if (key.Item1 >= 0 && !groups.TryAdd(key, kept) && Join(builder, members[groups[key]], node) is { } union)
            {
                members[groups[key]] = union;
                joined = true;
                continue;
            }

            members[kept++] = node;
        }

        members.RemoveRange(kept, members.Count - kept);
        return joined;
    }

    private static RegexNode? Join(RegexBuilder builder, RegexNode x, RegexNode y)
    {
        var (head, tail) = x.Kind == RegexKind.Concat ? (x.Left!, x.Right!) : (x, builder.Epsilon);
        var other = y.Kind == RegexKind.Concat ? y.Left! : y;
        if (head.Kind != RegexKind.Repeat)
        {
            return builder.Concat(head, builder.Or(tail, y.Right!));
        }

        var (low, high) = head.Min <= other.Min ? (head, other) : (other, head);
        return low.Max == RegexNode.Unbounded || high.Min <= low.Max + 1
            ? builder.Concat(builder.Repeat(head.Left!, low.Min, Math.Max(low.Max, high.Max)), tail)
            : null;
    }
}
