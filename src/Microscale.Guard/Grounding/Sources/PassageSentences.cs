namespace Microscale.Guard;

/// <summary>Finds the sentences of a passage of prose, for cutting and quoting it.</summary>
internal static class PassageSentences
{
    /// <summary>Where even a text without white space is cut.</summary>
    private const int LongestWord = 200;

    private static readonly string[] Abbreviations =
    [
        "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "co", "no", "vol", "fig", "approx",
        "gen", "col", "capt", "lt", "sgt", "rev", "hon", "gov", "sen", "rep", "ca", "cf", "e.g", "i.e", "u.s", "u.k",
    ];

    /// <summary>The sentences of a text in order, each with the white space after it: together they are the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxWords">The most words of a sentence; a longer one is cut between words.</param>
    public static List<Range> Split(string text, int maxWords = int.MaxValue)
    {
        var sentences = new List<Range>();
        var start = 0;
        var words = 0;
        var word = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                words += char.IsWhiteSpace(text[i - 1]) ? 0 : 1;
                word = i + 1;
            }
            else if ((word == i && (words >= maxWords || EndsBefore(text, start, i)))
                || (maxWords != int.MaxValue && i - word >= LongestWord && !char.IsLowSurrogate(text[i])))
            {
                sentences.Add(start..i);
                start = i;
                words = 0;
                word = i;
            }
        }

        if (start < text.Length)
        {
            sentences.Add(start..text.Length);
        }

        return sentences;
    }

    /// <summary>Whether a sentence that began at <paramref name="start"/> is over where a word begins.</summary>
    private static bool EndsBefore(string text, int start, int next)
    {
        var before = text.AsSpan(start, next - start);
        var sentence = before.TrimEnd();
        if (before[sentence.Length..].Count('\n') > 1)
        {
            return sentence.Length > 0;
        }

        sentence = sentence.TrimEnd("\"'”’)]»");
        if (sentence is not [.., '.' or '!' or '?' or '…'])
        {
            return false;
        }

        return !char.IsLower(text[next]) && !(sentence[^1] == '.' && IsAbbreviation(sentence[..^1]));
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> sentence)
    {
        var last = sentence[(sentence.LastIndexOfAny(" \t\r\n(") + 1)..];
        if (last is [var initial] && char.IsUpper(initial))
        {
            return true;
        }

        foreach (var abbreviation in Abbreviations)
        {
            if (last.Equals(abbreviation, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
