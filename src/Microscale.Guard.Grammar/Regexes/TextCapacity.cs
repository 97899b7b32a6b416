namespace Microscale.Guard.Grammar;

/// <summary>How many characters of plain text (see <see cref="PlainText"/>) may follow at a point of an expression, whichever they
/// are, so that the expression can still be completed. An under-estimate: 0 says nothing.</summary>
internal sealed class TextCapacity(RegexBuilder builder, Fuel fuel)
{
    private static readonly ByteSet s_textBytes = ~(ByteSet.Range(0, 0x1F) | ByteSet.Of("\"\\\u007F"));
    private static readonly (int Min, int Max) s_none = (1, 0);

    private readonly RegexEmptiness _emptiness = new(builder, fuel);
    private readonly Dictionary<RegexNode, bool> _holdsText = [];
    private readonly Dictionary<RegexNode, (int Min, int Max)> _accepted = [];

    /// <summary>The characters that a JSON string holds as they are, and any other free text too: all but quotes, backslashes and
    /// control characters.</summary>
    public static CodePointSet PlainText { get; } = CodePointSet.Of([(0, 0x1F), ('"', '"'), ('\\', '\\'), (0x7F, 0x7F)]).Complement();

    private RegexNode Text => field ??= builder.CodePoints(PlainText);

    public int Of(RegexNode node) => node.Capacity >= 0 ? node.Capacity : node.Capacity = Compute(node);

    /// <summary>Forgets what was found out.</summary>
    public void Clear()
    {
        _holdsText.Clear();
        _accepted.Clear();
    }

    /// <summary>Whether some plain text may be in the language; only a no is certain.</summary>
    public static bool MayEndInText(RegexNode node)
    {
        RecursionGuard.Check();
        switch (node.Kind)
        {
            case RegexKind.Empty:
                return false;
            case RegexKind.Bytes:
                return node.Set.Intersects(s_textBytes);
            case RegexKind.Concat:
                for (; node.Kind == RegexKind.Concat; node = node.Right!)
                {
                    if (!MayEndInText(node.Left!))
                    {
                        return false;
                    }
                }

                return MayEndInText(node);
            case RegexKind.Or:
                return Array.Exists(node.Children, MayEndInText);
            case RegexKind.And:
                return Array.TrueForAll(node.Children, MayEndInText);
            case RegexKind.Repeat:
                return node.Nullable || MayEndInText(node.Left!);
            default:
                return true;
        }
    }

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
                return Accepted(node) is var (min, max) && min <= max ? max : OfDifference(node);
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

    /// <summary>The lengths of which all plain texts are in the language; the first is larger than the last for none.</summary>
    private (int Min, int Max) Accepted(RegexNode node)
    {
        if (!_accepted.TryGetValue(node, out var lengths))
        {
            RecursionGuard.Check();
            _accepted[node] = lengths = ComputeAccepted(node);
        }

        return lengths;
    }

    private (int Min, int Max) ComputeAccepted(RegexNode node)
    {
        switch (node.Kind)
        {
            case RegexKind.Epsilon:
                return (0, 0);
            case RegexKind.Repeat:
                return HoldsText(node.Left!) ? (node.Min, node.Max) : s_none;
            case RegexKind.Concat:
                var (head, tail) = (Accepted(node.Left!), Accepted(node.Right!));
                return head == s_none || tail == s_none ? s_none : (Add(head.Min, tail.Min), Add(head.Max, tail.Max));
            case RegexKind.Or:
                return node.Children.Select(Accepted).MaxBy(a => a.Max);
            case RegexKind.And:
                var (min, max) = (0, RegexNode.Unbounded);
                foreach (var child in node.Children)
                {
                    var accepted = Accepted(child);
                    (min, max) = (Math.Max(min, accepted.Min), Math.Min(max, accepted.Max));
                }

                return min <= max ? (min, max) : s_none;
            case RegexKind.Not when node.Left!.Kind == RegexKind.Empty:
                return (0, RegexNode.Unbounded);
            case RegexKind.Not when RegexLength.Longest(node.Left!) is var longest and not RegexNode.Unbounded:
                return (longest + 1, RegexNode.Unbounded);
            case RegexKind.JsonEscaped when node.EscapeState == JsonEscapes.Body:
                return Accepted(node.Left!);
            default:
                return s_none;
        }

        static int Add(int x, int y) => (int)Math.Min((long)x + y, RegexNode.Unbounded);
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
