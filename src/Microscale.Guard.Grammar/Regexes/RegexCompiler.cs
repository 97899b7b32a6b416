namespace Microscale.Guard.Grammar;

/// <summary>Turns a parsed pattern into an expression. Anchors and lookaheads become exact intersections with what follows: each
/// part is compiled together with its continuation, once for the beginning of the text and once for later.</summary>
internal static class RegexCompiler
{
    public static RegexNode Compile(RegexBuilder builder, RegexSyntax syntax, RegexMatch match)
    {
        if (match == RegexMatch.Whole)
        {
            return Compile(builder, syntax, (builder.Epsilon, builder.Epsilon)).AtStart;
        }

        var (atStart, later) = Compile(builder, syntax, (builder.AnyText, builder.AnyText));
        return atStart == later
            ? builder.Concat(builder.AnyText, later)
            : builder.Or(atStart, builder.Concat(builder.Repeat(builder.AnyCodePoint, 1), later));
    }

    private static (RegexNode AtStart, RegexNode Later) Compile(RegexBuilder builder, RegexSyntax syntax, (RegexNode AtStart, RegexNode Later) next)
    {
        RecursionGuard.Check();
        if (!syntax.HasAssertions)
        {
            return Plain(builder, Plain(builder, syntax), next);
        }

        switch (syntax)
        {
            case RegexSyntax.Start:
                return (next.AtStart, builder.Empty);
            case RegexSyntax.End:
                return (builder.And(next.AtStart, builder.Epsilon), builder.And(next.Later, builder.Epsilon));
            case RegexSyntax.Lookahead look:
                var (atStart, later) = Compile(builder, look.Item, (builder.AnyText, builder.AnyText));
                return look.Negative
                    ? (builder.Except(next.AtStart, atStart), builder.Except(next.Later, later))
                    : (builder.And(next.AtStart, atStart), builder.And(next.Later, later));
            case RegexSyntax.Sequence sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = Compile(builder, sequence.Items[i], next);
                }

                return next;
            case RegexSyntax.Alternation alternation:
                var items = alternation.Items.Select(i => Compile(builder, i, next)).ToList();
                return (builder.Or([.. items.Select(i => i.AtStart)]), builder.Or([.. items.Select(i => i.Later)]));
            default:
                // The parser lets through only short bounded repetitions of assertions.
                var repetition = (RegexSyntax.Repetition)syntax;
                var result = next;
                for (var i = 0; i < repetition.Max; i++)
                {
                    var (restAtStart, restLater) = Compile(builder, repetition.Item, result);
                    result = i >= repetition.Max - repetition.Min
                        ? (restAtStart, restLater)
                        : (builder.Or(next.AtStart, restAtStart), builder.Or(next.Later, restLater));
                }

                return result;
        }
    }

    private static (RegexNode AtStart, RegexNode Later) Plain(RegexBuilder builder, RegexNode node, (RegexNode AtStart, RegexNode Later) next)
    {
        var later = builder.Concat(node, next.Later);
        if (!node.Nullable)
        {
            return (later, later);
        }

        // Having read nothing, one is still at the beginning.
        return next.AtStart == next.Later
            ? (later, later)
            : (builder.Or(next.AtStart, builder.Concat(builder.Except(node, builder.Epsilon), next.Later)), later);
    }

    private static RegexNode Plain(RegexBuilder builder, RegexSyntax syntax)
    {
        RecursionGuard.Check();
        return syntax switch
        {
            RegexSyntax.Character character => builder.CodePoints(character.Set),
            RegexSyntax.Sequence sequence => builder.Concat([.. sequence.Items.Select(i => Plain(builder, i))]),
            RegexSyntax.Alternation alternation => builder.Or([.. alternation.Items.Select(i => Plain(builder, i))]),
            RegexSyntax.Repetition repetition => builder.Repeat(Plain(builder, repetition.Item), repetition.Min, repetition.Max),
            _ => throw new InvalidOperationException("An assertion is not plain."),
        };
    }
}
