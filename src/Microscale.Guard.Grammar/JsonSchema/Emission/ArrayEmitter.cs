namespace Microscale.Guard.Grammar;

/// <summary>Writes an array.</summary>
internal sealed class ArrayEmitter(GrammarBuilder builder, GrammarEmitter emitter)
{
    private readonly JsonTokens _tokens = emitter.Tokens;

    public GrammarNode Emit(ArrayAtom atom)
    {
        if (atom.UniqueAt is { } place && atom.Max > 1)
        {
            if (new UniqueItemsEmitter(builder, emitter).Emit(atom) is { } unique) return unique;
            emitter.Context.Refuse("uniqueItems", place,
                "a grammar can tell items apart only where they are from a list of at most 64 constants; use enum for the items, or leave it out");
        }

        return atom.Counts.Count > 0 ? new CountedItemsEmitter(builder, emitter, atom).Emit() : EmitPlain(atom);
    }

    private GrammarNode EmitPlain(ArrayAtom atom)
    {
        // From the last item of the prefix to the first; parts that belong together are gathered in one sequence.
        int length = atom.Prefix.Count;
        var parts = new Stack<GrammarNode>();
        parts.Push(Tail(atom, length));
        for (int i = length - 1; i >= 0; i--)
        {
            parts.Push(emitter.After(i == 0 ? _tokens.OpenArray : _tokens.Comma, emitter.Value(atom.Prefix[i])));
            if (i < atom.Min) continue;
            var longer = builder.Sequence([.. parts]);
            var ends = builder.Terminal(i == 0 ? _tokens.EmptyArray : _tokens.CloseArray);
            parts.Clear();
            parts.Push(emitter.State("item", () => builder.Choice(ends, longer)));
        }

        return builder.Sequence([.. parts]);
    }

    /// <summary>What follows the prefix, the end included.</summary>
    private GrammarNode Tail(ArrayAtom atom, int length)
    {
        int min = Math.Max(atom.Min - length, 0);
        int max = atom.Max == ArrayAtom.Unbounded ? ArrayAtom.Unbounded : atom.Max - length;
        var close = builder.Terminal(_tokens.CloseArray);
        var empty = builder.Terminal(_tokens.EmptyArray);
        if (max == 0 || emitter.Sketches.IsEmpty(atom.Rest)) return min > 0 ? builder.Nothing : length == 0 ? empty : close;

        var more = emitter.After(_tokens.Comma, emitter.Value(atom.Rest));
        if (length > 0) return builder.Sequence(builder.Repeat(more, min, max), close);

        var first = emitter.After(_tokens.OpenArray, emitter.Value(atom.Rest));
        var some = builder.Sequence(first, builder.Repeat(more, Math.Max(min - 1, 0), max == ArrayAtom.Unbounded ? max : max - 1), close);
        return min > 0 ? some : builder.Choice(empty, some);
    }
}
