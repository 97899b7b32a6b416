namespace Microscale.Guard.Grammar;

/// <summary>How long the strings of a language can be.</summary>
internal static class RegexLength
{
    /// <summary>The length in bytes of the longest string, at most; <see cref="RegexNode.Unbounded"/> for no bound known.</summary>
    public static int Longest(RegexNode node)
    {
        RecursionGuard.Check();
        switch (node.Kind)
        {
            case RegexKind.Empty or RegexKind.Epsilon:
                return 0;
            case RegexKind.Bytes:
                return 1;
            case RegexKind.Concat:
                var sum = 0L;
                for (; node.Kind == RegexKind.Concat; node = node.Right!)
                {
                    sum += Longest(node.Left!);
                }

                return Clamp(sum + Longest(node));
            case RegexKind.Or:
                return node.Children.Max(Longest);
            case RegexKind.And:
                return node.Children.Min(Longest);
            case RegexKind.Repeat when node.Max != RegexNode.Unbounded:
                return Clamp((long)node.Max * Longest(node.Left!));
            case RegexKind.JsonEscaped:
                return Clamp(6L * (Longest(node.Left!) + 1L));
            default:
                return RegexNode.Unbounded;
        }
    }

    private static int Clamp(long length) => (int)Math.Min(length, RegexNode.Unbounded);
}
