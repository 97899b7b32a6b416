namespace Microscale.Guard.Grammar;

/// <summary>Brings intersections into normal form: flat, sorted, byte sets intersected.</summary>
internal static class RegexIntersection
{
    public static RegexNode Build(RegexBuilder builder, ReadOnlySpan<RegexNode> nodes)
    {
        var members = new SortedDictionary<int, RegexNode>();
        var set = ByteSet.All;
        var hasSet = false;
        foreach (var node in nodes)
        {
            foreach (var member in node.Kind == RegexKind.And ? node.Children : [node])
            {
                if (member.Kind == RegexKind.Empty)
                {
                    return builder.Empty;
                }

                if (member.Kind == RegexKind.Bytes)
                {
                    set &= member.Set;
                    hasSet = true;
                }
                else if (member != builder.All)
                {
                    members.TryAdd(member.Id, member);
                }
            }
        }

        if (hasSet)
        {
            var bytes = builder.Bytes(set);
            if (bytes == builder.Empty)
            {
                return bytes;
            }

            members.TryAdd(bytes.Id, bytes);
        }

        if (members.ContainsKey(builder.Epsilon.Id))
        {
            return members.Values.All(m => m.Nullable) ? builder.Epsilon : builder.Empty;
        }

        if (members.Values.Any(m => m.Kind == RegexKind.Not && members.ContainsKey(m.Left!.Id)))
        {
            return builder.Empty;
        }

        return members.Count switch
        {
            0 => builder.All,
            1 => members.Values.First(),
            _ => builder.InternAnd([.. members.Values]),
        };
    }
}
