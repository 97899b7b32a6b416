namespace Microscale.Guard.Grammar;

/// <summary>Derives regular expressions (Brzozowski 1964; Owens, Reppy, Turon 2009), and remembers what came of it. Not safe for
/// concurrent callers.</summary>
internal sealed class RegexDerivatives(RegexBuilder builder, Fuel fuel)
{
    private readonly Dictionary<long, RegexNode> _known = [];

    public void Clear() => _known.Clear();

    /// <summary>The strings s for which <paramref name="value"/> s is in the language.</summary>
    public RegexNode Of(RegexNode node, byte value)
    {
        switch (node.Kind)
        {
            case RegexKind.Empty or RegexKind.Epsilon:
                return builder.Empty;
            case RegexKind.Bytes:
                return node.Set.Contains(value) ? builder.Epsilon : builder.Empty;
            case RegexKind.Concat when node.Left!.Kind == RegexKind.Bytes:
                return node.Left.Set.Contains(value) ? node.Right! : builder.Empty;
        }

        if (!node.First.Contains(value))
        {
            return builder.Empty;
        }

        var key = ((long)node.Id << 8) | value;
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        fuel.Spend(1);
        RecursionGuard.Check();
        return _known[key] = Derive(node, value);
    }

    private RegexNode Derive(RegexNode node, byte value)
    {
        switch (node.Kind)
        {
            case RegexKind.Concat:
                var head = builder.Concat(Of(node.Left!, value), node.Right!);
                return node.Left!.Nullable ? builder.Or(head, Of(node.Right!, value)) : head;
            case RegexKind.Or:
                return builder.Or(DeriveAll(node.Children, value));
            case RegexKind.And:
                return builder.And(DeriveAll(node.Children, value));
            case RegexKind.Not:
                return builder.Not(Of(node.Left!, value));
            case RegexKind.Repeat:
                var rest = builder.Repeat(node.Left!, Math.Max(node.Min - 1, 0), node.Max == RegexNode.Unbounded ? node.Max : node.Max - 1);
                return builder.Concat(Of(node.Left!, value), rest);
            case RegexKind.MultipleOf:
                return node.Multiple.Next(value) is { } next ? builder.MultipleOf(next) : builder.Empty;
            default:
                return JsonEscapes.Derive(builder, node, value);
        }
    }

    private RegexNode[] DeriveAll(RegexNode[] children, byte value)
    {
        fuel.Spend(children.Length);
        var derived = new RegexNode[children.Length];
        for (var i = 0; i < derived.Length; i++)
        {
            derived[i] = Of(children[i], value);
        }

        return derived;
    }
}
