namespace Microscale.Guard.Grammar;

/// <summary>A set of texts: listed, or as a regular expression.</summary>
internal sealed class TextSet
{
    private HashSet<string>? _lookup;

    private TextSet(IReadOnlyList<string>? values, RegexNode? regex, bool isEverything)
    {
        Values = values;
        Regex = regex;
        IsEverything = isEverything;
    }

    /// <summary>The texts, or null where they are described by <see cref="Regex"/>.</summary>
    public IReadOnlyList<string>? Values { get; }

    public RegexNode? Regex { get; }

    /// <summary>Whether it was made as the set of all texts.</summary>
    public bool IsEverything { get; }

    /// <summary>Equal for sets that are seen to be equal.</summary>
    public string Key => field ??= Values is null ? $"r{Regex!.Id}" : string.Concat(Values.Select(value => $"{value.Length}:{value}"));

    /// <summary>Some texts.</summary>
    public static TextSet Of(IEnumerable<string> values) => new([.. values.Distinct(StringComparer.Ordinal)], null, false);

    /// <summary>Whether a listed set has a text.</summary>
    public bool Lists(string text)
    {
        _lookup ??= Values!.ToHashSet(StringComparer.Ordinal);
        return _lookup.Contains(text);
    }

    public static TextSet Of(RegexNode regex, bool isEverything = false) => new(null, regex, isEverything);
}
