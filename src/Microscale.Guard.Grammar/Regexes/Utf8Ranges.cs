namespace Microscale.Guard.Grammar;

/// <summary>Writes sets of code points as expressions over UTF-8 bytes, deterministic and with shared tails.</summary>
internal static class Utf8Ranges
{
    public static RegexNode Build(RegexBuilder builder, CodePointSet set)
    {
        var heads = new Dictionary<RegexNode, ByteSet>();
        AddLeads(builder, heads, set, 0x00, 0x7F, 0);
        AddLeads(builder, heads, set, 0xC2, 0xDF, 1);
        AddLeads(builder, heads, set, 0xE0, 0xEF, 2);
        AddLeads(builder, heads, set, 0xF0, 0xF4, 3);
        return Join(builder, heads);
    }

    private static void AddLeads(RegexBuilder builder, Dictionary<RegexNode, ByteSet> heads, CodePointSet set, int first, int last, int continuations)
    {
        var (bits, smallest) = continuations switch { 0 => (0x7F, 0), 1 => (0x1F, 0x80), 2 => (0x0F, 0x800), _ => (0x07, 0x10000) };
        var span = 1 << (6 * continuations);
        for (var lead = first; lead <= last; lead++)
        {
            var low = (lead & bits) * span;
            Add(heads, Tail(builder, set.Ranges, Math.Max(low, smallest), low, low + span - 1, continuations), (byte)lead);
        }
    }

    /// <summary>The continuation bytes of the code points from <paramref name="low"/> to <paramref name="high"/>.</summary>
    private static RegexNode Tail(RegexBuilder builder, ReadOnlySpan<(int First, int Last)> ranges, int smallest, int low, int high, int continuations)
    {
        while (ranges.Length > 0 && ranges[0].Last < smallest)
        {
            ranges = ranges[1..];
        }

        if (ranges.Length == 0 || ranges[0].First > high)
        {
            return builder.Empty;
        }

        if (continuations == 0)
        {
            return builder.Epsilon;
        }

        if (ranges[0].First <= low && ranges[0].Last >= high && smallest <= low)
        {
            return builder.Repeat(builder.Bytes(ByteSet.Range(0x80, 0xBF)), continuations, continuations);
        }

        var heads = new Dictionary<RegexNode, ByteSet>();
        var span = (high - low + 1) / 64;
        for (var i = 0; i < 64; i++)
        {
            var from = low + (i * span);
            Add(heads, Tail(builder, ranges, Math.Max(from, smallest), from, from + span - 1, continuations - 1), (byte)(0x80 + i));
        }

        return Join(builder, heads);
    }

    private static void Add(Dictionary<RegexNode, ByteSet> heads, RegexNode tail, byte head)
    {
        if (tail.Kind != RegexKind.Empty)
        {
            heads[tail] = heads.GetValueOrDefault(tail) | ByteSet.Of(head);
        }
    }

    private static RegexNode Join(RegexBuilder builder, Dictionary<RegexNode, ByteSet> heads) =>
        builder.Or([.. heads.Select(h => builder.Concat(builder.Bytes(h.Value), h.Key))]);
}
