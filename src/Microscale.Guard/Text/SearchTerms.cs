namespace Microscale.Guard;

/// <summary>Turns a text into the terms that lexical search compares: runs of letters and digits, lower case, accents
/// removed, English stop words left out, light stems.</summary>
internal static class SearchTerms
{
    private const int LongestTerm = 64;

    /// <summary>The terms of a text in order, repetitions kept.</summary>
    public static List<string> Of(string text)
    {
        var terms = new List<string>();
        Read(text, terms);
        return terms;
    }

    /// <summary>How many terms a text has, repetitions counted.</summary>
    public static int Count(string text) => Read(text, null);

    private static int Read(string text, List<string>? terms)
    {
        var count = 0;
        Span<char> term = stackalloc char[LongestTerm];
        var length = 0;
        foreach (var letter in text)
        {
            if (Diacritics.Fold(letter) is not { } c)
            {
                continue;
            }

            if (char.IsLetterOrDigit(c))
            {
                if (length < LongestTerm)
                {
                    term[length++] = c;
                }
            }
            else
            {
                count += Add(terms, term[..length]);
                length = 0;
            }
        }

        return count + Add(terms, term[..length]);
    }

    /// <summary>How many different terms two texts share.</summary>
    public static int CountShared(HashSet<string> terms, string text) => Of(text).Distinct().Count(terms.Contains);

    /// <summary>The different words of a text as they stand, for an index with stems of its own: without English stop words.</summary>
    public static List<string> Keywords(string text)
    {
        var words = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            var word = text[start..end];
            if (word.Length > 0 && !FunctionWords.IsStopWord(word.ToLowerInvariant()) && !words.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                words.Add(word);
            }

            start = end + 1;
        }

        return words;
    }

    private static int Add(List<string>? terms, Span<char> term)
    {
        if (term.Length == 0 || FunctionWords.IsStopWord(term))
        {
            return 0;
        }

        terms?.Add(LightStemmer.Stem(term).ToString());
        return 1;
    }
}
