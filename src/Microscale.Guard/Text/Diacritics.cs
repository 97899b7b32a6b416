using System.Globalization;
using System.Text;

namespace Microscale.Guard;

/// <summary>Folds letters for comparison: lower case, without accents. Its own table, because normalisation does nothing where
/// globalisation is invariant.</summary>
internal static class Diacritics
{
    private const char First = '\u00C0';

    /// <summary>The letters U+00C0 to U+017F without their accents.</summary>
    private const string Bases =
        "AAAAAAÆCEEEEIIIIDNOOOOO×OUUUUYÞßaaaaaaæceeeeiiiidnooooo÷ouuuuyþy"
        + "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiĲĳJjKkĸLlLlLlL"
        + "lLlNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

    /// <summary>The letter without accent, in lower case; null for a mark that combines with the letter before it.</summary>
    public static char? Fold(char c)
    {
        if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
        {
            return null;
        }

        var index = c - First;
        return char.ToLowerInvariant(index >= 0 && index < Bases.Length ? Bases[index] : c);
    }

    /// <summary>The text without accents, in lower case.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (Fold(letter) is { } c)
            {
                folded.Append(c);
            }
        }

        return folded.ToString();
    }
}
