using System.Globalization;

namespace Microscale.Guard;

/// <summary>Markers such as <c>[1]</c>, <c>[1, 3]</c>, <c>[^2]</c> and <c>【4】</c>.</summary>
internal static class CitationMarker
{
    /// <summary>The longest marker that is recognised.</summary>
    public const int MaxLength = 24;

    private const int LongestRange = 20;

    /// <summary>Matches a marker at the start of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="complete">Whether no more text will come.</param>
    /// <returns>Its length; 0 when there is none; -1 when the text ends before that is known.</returns>
    public static int Match(ReadOnlySpan<char> text, bool complete)
    {
        if (text.IsEmpty)
        {
            return complete ? 0 : -1;
        }

        var close = text[0] switch { '[' => ']', '【' => '】', _ => '\0' };
        if (close == '\0')
        {
            return 0;
        }

        var digits = 0;
        for (var i = 1; i < text.Length && i < MaxLength; i++)
        {
            var c = text[i];
            if (c == close)
            {
                if (i + 1 == text.Length)
                {
                    return digits == 0 ? 0 : complete ? i + 1 : -1;
                }

                // "[1](address)" is a link; it starts the next sentence.
                return digits == 0 || text[i + 1] == '(' ? 0 : i + 1;
            }

            if (char.IsAsciiDigit(c))
            {
                digits++;
            }
            else if (c is not (' ' or ',' or ';' or '-' or '–') && !(c == '^' && i == 1))
            {
                return 0;
            }
        }

        return complete || text.Length >= MaxLength ? 0 : -1;
    }

    /// <summary>The numbers of all markers of a text, in order; of a range ("[1-3]") each.</summary>
    public static IReadOnlyList<int> Numbers(ReadOnlySpan<char> text)
    {
        List<int>? numbers = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '[' or '【' && Match(text[i..], complete: true) is var length and > 0)
            {
                Add(text.Slice(i + 1, length - 2), numbers ??= []);
                i += length - 1;
            }
        }

        return (IReadOnlyList<int>?)numbers ?? [];
    }

    private static void Add(ReadOnlySpan<char> marker, List<int> numbers)
    {
        var isRange = false;
        for (var i = 0; i < marker.Length; i++)
        {
            var digits = marker[i..].IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? marker.Length - i : digits;
            if (digits == 0)
            {
                isRange |= marker[i] is '-' or '–' && numbers.Count > 0;
                continue;
            }

            var number = int.TryParse(marker.Slice(i, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
            for (var between = isRange ? numbers[^1] + 1 : number; between < number && number - between < LongestRange; between++)
            {
                numbers.Add(between);
            }

            numbers.Add(number);
            isRange = false;
            i += digits - 1;
        }
    }
}
