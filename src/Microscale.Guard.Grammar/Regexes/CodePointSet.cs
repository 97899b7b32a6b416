namespace Microscale.Guard.Grammar;

/// <summary>A set of Unicode code points without surrogates, as sorted ranges with gaps between them. Immutable.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;
    private readonly (int First, int Last)[] _ranges;

    private CodePointSet((int First, int Last)[] ranges) => _ranges = ranges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = Of([(0, Last)]);

    public ReadOnlySpan<(int First, int Last)> Ranges => _ranges;

    public static CodePointSet Of(int codePoint) => Of([(codePoint, codePoint)]);

    public static CodePointSet OfChars(string chars) => Of(chars.EnumerateRunes().Select(r => (r.Value, r.Value)));

    /// <summary>The code points of some ranges, in any order; surrogates are left out.</summary>
    public static CodePointSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in ranges.SelectMany(WithoutSurrogates).OrderBy(r => r.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return new([.. merged]);
    }

    public CodePointSet Union(CodePointSet other) => Of([.. _ranges, .. other._ranges]);

    public CodePointSet Complement()
    {
        var gaps = new List<(int, int)>();
        var from = 0;
        foreach (var (first, last) in _ranges)
        {
            gaps.Add((from, first - 1));
            from = last + 1;
        }

        gaps.Add((from, Last));
        return Of(gaps);
    }

    public CodePointSet Except(CodePointSet other) => Complement().Union(other).Complement();

    private static IEnumerable<(int First, int Last)> WithoutSurrogates((int First, int Last) range)
    {
        if (range.First <= Math.Min(range.Last, 0xD7FF))
        {
            yield return (range.First, Math.Min(range.Last, 0xD7FF));
        }

        if (Math.Max(range.First, 0xE000) <= range.Last)
        {
            yield return (Math.Max(range.First, 0xE000), range.Last);
        }
    }
}
