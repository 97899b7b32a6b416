using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Microscale.Guard.Onnx;

internal static partial class CanonicalBases
{
    private const int HangulBase = 0xAC00, HangulCount = 11172, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int VowelCount = 21, TrailCount = 28;

    private static readonly FrozenDictionary<int, string> Bases = Parse();

    /// <summary>Calls <paramref name="append"/> with each code point that is left of one after canonical decomposition
    /// without nonspacing marks (general category Mn); not at all when nothing is left.</summary>
    public static void Append<TState>(Rune rune, TState state, Action<TState, Rune> append)
    {
        if (rune.IsAscii)
        {
            append(state, rune);
        }
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
        {
            // Dropped.
        }
        else if (rune.Value - HangulBase is >= 0 and < HangulCount and var syllable)
        {
            // The arithmetic of the Unicode Standard, section 3.12.
            append(state, new Rune(LeadBase + (syllable / (VowelCount * TrailCount))));
            append(state, new Rune(VowelBase + (syllable / TrailCount % VowelCount)));
            if (syllable % TrailCount is > 0 and var trail)
            {
                append(state, new Rune(TrailBase + trail));
            }
        }
        else if (Bases.TryGetValue(rune.Value, out var bases))
        {
            foreach (var left in bases.EnumerateRunes())
            {
                append(state, left);
            }
        }
        else
        {
            append(state, rune);
        }
    }

    private static FrozenDictionary<int, string> Parse()
    {
        var bases = new Dictionary<int, string>();
        foreach (var entry in Data.Split(' '))
        {
            var rune = Rune.GetRuneAt(entry, 0);
            bases.Add(rune.Value, entry[rune.Utf16SequenceLength..]);
        }

        return bases.ToFrozenDictionary();
    }
}
