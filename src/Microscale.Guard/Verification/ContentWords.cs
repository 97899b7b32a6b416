using System.Globalization;
using System.Text;

namespace Microscale.Guard;

/// <summary>The words of a text that carry meaning, in a form in which inflections mostly compare equal.</summary>
/// <remarks>Looser than <see cref="SearchTerms"/>, because the words only choose among sentences of passages that were found:
/// "Brazil" and "Brazilian" are one, and scripts without blanks are compared by character.</remarks>
internal static class ContentWords
{
    /// <summary>Words are compared by this many first letters: a cheap stemmer that fits lists of near-synonyms badly but
    /// inflections well.</summary>
    private const int StemLength = 6;

    /// <summary>The distinct content words, folded.</summary>
    public static HashSet<string> Of(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var letter in text)
        {
            if (Diacritics.Fold(letter) is not { } c)
            {
                continue;
            }

            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter)
            {
                // Scripts without blanks: each character counts.
                Add();
                words.Add(c.ToString());
            }
            else if (char.IsLetterOrDigit(c))
            {
                word.Append(c);
            }
            else
            {
                Add();
            }
        }

        Add();
        return words;

        void Add()
        {
            if (word.Length > 0 && word.ToString() is var w && !FunctionWords.IsStopWord(w))
            {
                if (char.IsLetter(w[0]))
                {
                    w = w.Length > StemLength ? w[..StemLength] : w.Length > 3 && w[^1] == 's' ? w[..^1] : w;
                }

                words.Add(w);
            }

            word.Clear();
        }
    }
}
