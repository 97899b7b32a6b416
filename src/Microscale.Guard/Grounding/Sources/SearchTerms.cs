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
        Span<char> term = stackalloc char[LongestTerm];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                if (length < LongestTerm)
                {
                    term[length++] = Fold(c);
                }
            }
            else if (char.GetUnicodeCategory(c) is not System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                Add(terms, term[..length]);
                length = 0;
            }
        }

        Add(terms, term[..length]);
        return terms;
    }

    /// <summary>How many different terms two texts share.</summary>
    public static int CountShared(HashSet<string> terms, string text) => Of(text).Distinct().Count(terms.Contains);

    private static void Add(List<string> terms, Span<char> term)
    {
        if (term.Length > 0 && !EnglishStopWords.Contains(term))
        {
            terms.Add(LightStemmer.Stem(term).ToString());
        }
    }

    /// <summary>Lower case without accents, for the precomposed Latin letters; other letters are only lowered.</summary>
    private static char Fold(char c)
    {
        var lower = char.ToLowerInvariant(c);
        return lower < '\u00c0' ? lower : FoldLatin(lower);
    }

    private static char FoldLatin(char c) => c switch
    {
        >= 'à' and <= 'å' or 'ā' or 'ă' or 'ą' => 'a',
        'ç' or 'ć' or 'ĉ' or 'ċ' or 'č' => 'c',
        'ď' or 'đ' => 'd',
        >= 'è' and <= 'ë' or 'ē' or 'ĕ' or 'ė' or 'ę' or 'ě' => 'e',
        'ĝ' or 'ğ' or 'ġ' or 'ģ' => 'g',
        >= 'ì' and <= 'ï' or 'ĩ' or 'ī' or 'ĭ' or 'į' or 'ı' => 'i',
        'ł' or 'ľ' or 'ĺ' => 'l',
        'ñ' or 'ń' or 'ņ' or 'ň' => 'n',
        >= 'ò' and <= 'ö' or 'ø' or 'ō' or 'ŏ' or 'ő' => 'o',
        'ŕ' or 'ř' => 'r',
        'ś' or 'ŝ' or 'ş' or 'š' => 's',
        'ţ' or 'ť' => 't',
        >= 'ù' and <= 'ü' or 'ũ' or 'ū' or 'ŭ' or 'ů' or 'ű' => 'u',
        'ý' or 'ÿ' => 'y',
        'ź' or 'ż' or 'ž' => 'z',
        _ => c,
    };
}
