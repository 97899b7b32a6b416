namespace Microscale.Guard.Grammar;

/// <summary>Writes an array of constants that are all different, as one expression: an array, and each constant at most once.</summary>
internal sealed class UniqueItemsEmitter(GrammarBuilder builder, GrammarEmitter emitter)
{
    private const int MaxValues = 64;

    private readonly RegexBuilder _regexes = builder.Regexes;
    private readonly JsonTokens _tokens = emitter.Tokens;

    /// <summary>The grammar, or null where the items are not a few constants.</summary>
    public GrammarNode? Emit(ArrayAtom atom)
    {
        if (atom.Counts.Count > 0) return null;
        var all = new HashSet<string>(StringComparer.Ordinal);
        var prefix = new List<IReadOnlyList<string>>();
        foreach (var item in atom.Prefix)
        {
            if (ScalarEmitter.List(emitter.Expand(item)) is not { } values) return null;
            prefix.Add(values);
            all.UnionWith(values);
        }

        var rest = atom.Max > prefix.Count ? ScalarEmitter.List(emitter.Expand(atom.Rest)) : [];
        if (rest is null) return null;
        all.UnionWith(rest);
        if (all.Count > MaxValues) return null;

        int max = Math.Min(atom.Max, all.Count);
        if (max < atom.Min) return builder.Nothing;

        var parts = new List<RegexNode> { Items(prefix, rest, atom.Min, max) };
        var before = _regexes.Or(_tokens.OpenArray, _tokens.Comma);
        foreach (string value in all)
        {
            var others = _regexes.Repeat(_regexes.Concat(before, _regexes.Literals(all.Where(other => other != value))), 0);
            var once = _regexes.Optional(_regexes.Concat(before, _regexes.Literal(value)));
            parts.Add(_regexes.Concat(others, once, others, _regexes.Or(_tokens.CloseArray, _tokens.EmptyArray)));
        }

        return builder.Terminal(_regexes.And([.. parts]));
    }

    private RegexNode Items(List<IReadOnlyList<string>> prefix, IReadOnlyList<string> rest, int min, int max)
    {
        int length = Math.Min(prefix.Count, max);
        var more = _regexes.Concat(_tokens.Comma, _regexes.Literals(rest));
        var tail = End(_regexes.Repeat(more, Math.Max(min - Math.Max(length, 1), 0), Math.Max(max - Math.Max(length, 1), 0)));
        if (length == 0)
        {
            var some = max == 0 ? _regexes.Empty : _regexes.Concat(_tokens.OpenArray, _regexes.Literals(rest), tail);
            return min > 0 ? some : _regexes.Or(_tokens.EmptyArray, some);
        }

        for (int i = length - 1; i >= 0; i--)
        {
            tail = _regexes.Concat(i == 0 ? _tokens.OpenArray : _tokens.Comma, _regexes.Literals(prefix[i]), tail);
            if (i >= min) tail = _regexes.Or(i == 0 ? _tokens.EmptyArray : _tokens.CloseArray, tail);
        }

        return tail;

        RegexNode End(RegexNode items) => _regexes.Concat(items, _tokens.CloseArray);
    }
}
