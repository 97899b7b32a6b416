using System.Buffers;

namespace Microscale.Guard;

/// <summary>Brings the commonest inflections of an English word together: plurals, possessives, -ed, -ing. Lighter than
/// Porter's stemmer, so that different words seldom fall together; the stem need not be a word.</summary>
internal static class LightStemmer
{
    private const int ShortestStem = 3;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>The stem of a lower-case word; words with digits stay as they are.</summary>
    public static ReadOnlySpan<char> Stem(ReadOnlySpan<char> word)
    {
        if (word.Length <= ShortestStem || word.ContainsAnyInRange('0', '9'))
        {
            return word;
        }

        word = StripPlural(word);
        word = StripSuffix(word, "ing");
        word = StripSuffix(word, "ed");
        return StripFinal(word);
    }

    private static ReadOnlySpan<char> StripPlural(ReadOnlySpan<char> word)
    {
        if (word.EndsWith("ies") && word.Length > 4)
        {
            return word[..^2];
        }

        if (word.EndsWith("sses") || word.EndsWith("xes") || word.EndsWith("ches") || word.EndsWith("shes"))
        {
            return word[..^2];
        }

        return word is [.., not ('s' or 'u' or 'i'), 's'] ? word[..^1] : word;
    }

    private static ReadOnlySpan<char> StripSuffix(ReadOnlySpan<char> word, ReadOnlySpan<char> suffix)
    {
        if (!word.EndsWith(suffix))
        {
            return word;
        }

        var stem = word[..^suffix.Length];
        if (stem.Length < ShortestStem || !stem.ContainsAny(Vowels))
        {
            return word;
        }

        // "stopped" and "stop": the doubled consonant came with the suffix ("called" and "call" is the exception).
        return stem is [.., var a, var b] && a == b && b is not ('l' or 's' or 'z' or 'e' or 'o') ? stem[..^1] : stem;
    }

    /// <summary>"create" and "creat(ed)", "city" and "citi(es)".</summary>
    private static ReadOnlySpan<char> StripFinal(ReadOnlySpan<char> word) => word switch
    {
        [.., 'e'] when word.Length > ShortestStem => word[..^1],
        [.., 'i' or 'y'] when word.Length > ShortestStem => word[..^1],
        _ => word,
    };
}
