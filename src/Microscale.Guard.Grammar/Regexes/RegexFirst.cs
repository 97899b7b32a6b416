namespace Microscale.Guard.Grammar;

/// <summary>The bytes with which a language can begin, at most: every other byte leads nowhere.</summary>
internal static class RegexFirst
{
    public static ByteSet Compute(RegexNode node)
    {
        RecursionGuard.Check();
        switch (node.Kind)
        {
            case RegexKind.Bytes:
                return node.Set;
            case RegexKind.Concat:
                var first = ByteSet.Empty;
                for (var at = node; ; at = at.Right!)
                {
                    if (at.Kind != RegexKind.Concat)
                    {
                        return first | at.First;
                    }

                    first |= at.Left!.First;
                    if (!at.Left.Nullable)
                    {
                        return first;
                    }
                }

            case RegexKind.Or:
                var union = ByteSet.Empty;
                foreach (var child in node.Children)
                {
                    union |= child.First;
                }

                return union;
            case RegexKind.And:
                var common = ByteSet.All;
                foreach (var child in node.Children)
                {
                    common &= child.First;
                }

                return common;
            case RegexKind.Not:
                return ByteSet.All;
            case RegexKind.Repeat:
                return node.Left!.First;
            case RegexKind.MultipleOf:
                return MultipleOfState.Alphabet;
            case RegexKind.JsonEscaped:
                return JsonEscapes.First(node);
            default:
                return ByteSet.Empty;
        }
    }
}
