namespace Microscale.Guard.Grammar;

/// <summary>How many characters of plain text (see <see cref="PlainText"/>) may follow at a point of an expression, whichever they
/// are, so that the expression can still be completed. An under-estimate: 0 says nothing.</summary>
internal sealed class TextCapacity(RegexBuilder builder, Fuel fuel)
{
    private readonly RegexEmptiness _emptiness = new(builder, fuel);
    private readonly Dictionary<RegexNode, bool> _holdsText = [];

    /// <summary>The characters that a JSON string holds as they are, and any other free text too: all but quotes, backslashes and
    /// control characters.</summary>
    public static CodePointSet PlainText { get; } = CodePointSet.Of([(0, 0x1F), ('"', '"'), ('\\', '\\'), (0x7F, 0x7F)]).Complement();

    private RegexNode Text => field ??= builder.CodePoints(PlainText);

    public int Of(RegexNode node) => node.Capacity >= 0 ? node.Capacity : node.Capacity = Compute(node);

    private int Compute(RegexNode node)
    {
        RecursionGuard.Check();
        switch (node.Kind)
        {
            case RegexKind.Repeat:
                return HoldsText(node.Left!) ? node.Max : 0;
            case RegexKind.Concat:
                return _emptiness.IsEmpty(node.Right!) ? 0 : Math.Max(Of(node.Left!), node.Left!.Nullable ? Of(node.Right!) : 0);
            case RegexKind.Or:
                return node.Children.Max(Of);
            case RegexKind.JsonEscaped when node.EscapeState == JsonEscapes.Body:
                return Of(node.Left!);
            case RegexKind.Not when node.Left!.Kind == RegexKind.Empty:
                return RegexNode.Unbounded;
            case RegexKind.And:
                return OfDifference(node);
            default:
                return 0;
        }
    }

    /// <summary>Any text, but not one of finitely many: longer texts than those remain possible.</summary>
    private int OfDifference(RegexNode node)
    {
        var (kept, excluded) = (node.Children.Where(c => c.Kind != RegexKind.Not).ToList(), node.Children.Where(c => c.Kind == RegexKind.Not));
        if (kept.Count != 1 || Of(kept[0]) is not (> 0 and var capacity))
        {
            return 0;
        }

        return capacity > excluded.Max(e => RegexLength.Longest(e.Left!)) ? capacity : 0;
    }

    private bool HoldsText(RegexNode node)
    {
        if (!_holdsText.TryGetValue(node, out var holds))
        {
            holds = (Text.First & ~node.First).IsEmpty && _emptiness.IsEmpty(builder.Except(Text, node));
            _holdsText[node] = holds;
        }

        return holds;
    }
}
