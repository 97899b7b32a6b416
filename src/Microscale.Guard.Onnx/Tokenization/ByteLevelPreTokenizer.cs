using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microscale.Guard.Onnx;

/// <summary>Splits text as byte-level BPE models of the GPT-2 family with single digits do: every number character alone, the
/// rest by GPT-2's pattern <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
/// <remarks>Written by hand over Unicode scalars, because the classes of a .NET regular expression see a character outside of
/// the basic plane as two surrogates and so split it otherwise than the reference does. Stateless.</remarks>
internal sealed class ByteLevelPreTokenizer : PreTokenizer
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Split(text);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text);

    private static List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int, int)>();
        for (var start = 0; start < text.Length;)
        {
            var length = NextLength(text[start..]);
            pieces.Add((start, length));
            start += length;
        }

        return pieces;
    }

    /// <summary>How many UTF-16 units the first piece of <paramref name="text"/> has.</summary>
    private static int NextLength(ReadOnlySpan<char> text)
    {
        foreach (var contraction in s_contractions)
        {
            if (text.StartsWith(contraction, StringComparison.Ordinal))
            {
                return contraction.Length;
            }
        }

        var first = KindAt(text, 0, out var width);
        if (first == Kind.Digit)
        {
            return width;
        }

        // One blank belongs to the word or the signs that follow it.
        var skip = 0;
        if (text[0] == ' ' && text.Length > 1 && KindAt(text, 1, out _) is Kind.Letter or Kind.Other)
        {
            skip = 1;
            first = KindAt(text, 1, out _);
        }

        var end = RunEnd(text, skip, first);
        if (first != Kind.Space || end == text.Length || KindAt(text, end, out _) == Kind.Digit)
        {
            return end;
        }

        // White space before a word leaves its last character to the word, if it has more than one (all are one unit wide).
        return Math.Max(1, end - 1);
    }

    private static int RunEnd(ReadOnlySpan<char> text, int start, Kind kind)
    {
        var end = start;
        while (end < text.Length && KindAt(text, end, out var width) == kind)
        {
            end += width;
        }

        return end;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int width)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out width);
        if (Rune.IsWhiteSpace(rune))
        {
            return Kind.Space;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            _ => Kind.Other,
        };
    }
}
