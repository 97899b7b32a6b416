using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>The Boolean algebra of <see cref="TextSet"/> within a universe of texts.</summary>
/// <param name="regexes">Makes the expressions.</param>
/// <param name="universe">All texts.</param>
/// <param name="spellings">All texts that mean the same as one of some listed texts.</param>
internal sealed class TextAlgebra(RegexBuilder regexes, RegexNode universe, Func<IReadOnlyList<string>, RegexNode> spellings)
{
    public TextSet Nothing { get; } = TextSet.Of([]);

    public TextSet Everything { get; } = TextSet.Of(universe, isEverything: true);

    /// <summary>The texts of an expression, all of which are in the universe.</summary>
    public TextSet Regex(RegexNode regex) => Wrap(regex);

    public RegexNode ToRegex(TextSet set) => set.Regex ?? spellings(set.Values!);

    public bool IsEmpty(TextSet set) => set.Values is { } values ? values.Count == 0 : regexes.IsEmpty(set.Regex!);

    public bool Contains(TextSet set, string text)
    {
        if (set.IsEverything) return true;
        if (set.Values is not null) return set.Lists(text);
        var rest = set.Regex!;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            rest = regexes.Derive(rest, value);
            if (rest == regexes.Empty) return false;
        }

        return rest.Nullable;
    }

    public TextSet And(TextSet a, TextSet b)
    {
        if (a.IsEverything || ReferenceEquals(a, b)) return b;
        if (b.IsEverything) return a;
        if (a.Values is { } left) return Keep(left, b);
        if (b.Values is { } right) return Keep(right, a);
        return Wrap(regexes.And(a.Regex!, b.Regex!));
    }

    public TextSet Or(TextSet a, TextSet b) => Or([a, b]);

    public TextSet Or(IEnumerable<TextSet> sets)
    {
        var all = sets.Where(set => set.Values is not { Count: 0 }).ToList();
        if (all.Count == 0) return Nothing;
        if (all.Count == 1) return all[0];
        if (all.Exists(set => set.IsEverything)) return Everything;
        if (all.TrueForAll(set => set.Values is not null)) return TextSet.Of(all.SelectMany(set => set.Values!));
        return Wrap(regexes.Or([.. all.Select(ToRegex)]));
    }

    public TextSet Not(TextSet set)
    {
        if (set.IsEverything) return Nothing;
        if (set.Values is { Count: 0 }) return Everything;
        return Wrap(regexes.Except(universe, ToRegex(set)));
    }

    private TextSet Keep(IReadOnlyList<string> values, TextSet set) => TextSet.Of(values.Where(value => Contains(set, value)));

    private TextSet Wrap(RegexNode regex) =>
        regex == regexes.Empty ? Nothing : regex == universe ? Everything : TextSet.Of(regex);
}
