using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds names: sequences of capitalised words. At the start of a sentence, where every word is capitalised, a
/// single word counts only if it looks like no ordinary word (an acronym, an inner capital), or if the sentence is hardly
/// longer than it.</summary>
internal static partial class NameExtractor
{
    /// <summary>Words besides the function words that are capitalised only because they begin a sentence or stand before a
    /// name. They carry meaning, and so are no function words; a month is checked as a date.</summary>
    private static readonly FrozenSet<string> Starters =
        ("no nor not neither yes yet every another against since upon within may "
        + "according based please sure certainly let dear today yesterday tomorrow later finally moreover furthermore therefore thus hence meanwhile "
        + "one two three four five six seven eight nine ten first second third okay ok mr mrs ms dr prof")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Connectors = "of de del della der den da di do dos du la le van von zu bin ibn al el the for"
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The names of a text.</summary>
    public static IReadOnlyList<NameFact> Extract(string text)
    {
        var names = new List<NameFact>();
        foreach (var sentence in Sentences.Split(text, SentenceSegmenter.DefaultMaxLength))
        {
            Extract(text[sentence], names);
        }

        return names;
    }

    /// <summary>The words of a text in the form in which names are compared: without case, diacritics, possessives and the
    /// stops of acronyms.</summary>
    public static IReadOnlyList<string> Words(string text) => [.. Word().Matches(text).Select(m => Fold(m.Value)).Where(w => w.Length > 0)];

    private static void Extract(string sentence, List<NameFact> names)
    {
        var matches = Word().Matches(sentence);
        for (var i = 0; i < matches.Count;)
        {
            if (!IsCapitalised(matches[i].Value) || IsNoName(matches[i].Value))
            {
                i++;
                continue;
            }

            // A name goes on over capitalised words, and over connectors that lead to another one.
            var last = i;
            for (var next = i + 1; next < matches.Count && IsAdjacent(sentence, matches[next - 1], matches[next]); next++)
            {
                if (IsCapitalised(matches[next].Value))
                {
                    last = next;
                }
                else if (!Connectors.Contains(matches[next].Value) || next - last > 2)
                {
                    break;
                }
            }

            var first = matches[i];
            var isPlainStart = i == 0 && last == 0 && matches.Count > 3 && !LooksLikeName(first.Value);
            if (!isPlainStart)
            {
                var end = matches[last].Index + matches[last].Length;
                string[] words = [.. Enumerable.Range(i, last - i + 1).Where(w => IsCapitalised(matches[w].Value)).Select(w => Fold(matches[w].Value)).Where(w => w.Length > 0)];
                if (words.Length > 0)
                {
                    names.Add(new NameFact(words, sentence[first.Index..end]));
                }
            }

            i = last + 1;
        }
    }

    private static bool IsAdjacent(string sentence, Match left, Match right)
    {
        var between = sentence.AsSpan(left.Index + left.Length, right.Index - left.Index - left.Length);
        return between is " " or "-" or "\u00A0" or ". " || between.SequenceEqual("' ") || between.SequenceEqual("’ ");
    }

    private static bool IsCapitalised(string word) => word.Any(char.IsUpper) && word is not "I" && !(word.Length > 1 && word[0] == 'I' && word[1] is '\'' or '’');

    /// <summary>"The", but not "US" or "WHO".</summary>
    private static bool IsNoName(string word) =>
        word.Count(char.IsUpper) < 2 && Fold(word) is var folded && (FunctionWords.Contains(folded) || Starters.Contains(folded));

    private static bool LooksLikeName(string word) => word.AsSpan(1).ToString().Any(char.IsUpper) || word.Any(char.IsDigit);

    private static string Fold(string word)
    {
        if (word.EndsWith("'s", StringComparison.OrdinalIgnoreCase) || word.EndsWith("’s", StringComparison.OrdinalIgnoreCase))
        {
            word = word[..^2];
        }

        return string.Concat(Diacritics.Fold(word).Where(char.IsLetterOrDigit));
    }

    // A word; an acronym with its stops is one word.
    [GeneratedRegex(@"(?:\p{L}\.){2,}|\p{L}[\p{L}\p{M}\p{N}]*(?:['’]\p{L}+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

/// <summary>A name in a text.</summary>
/// <param name="Words">Its capitalised words, folded.</param>
/// <param name="Text">How it is written.</param>
internal sealed record NameFact(IReadOnlyList<string> Words, string Text)
{
    /// <summary>The first letters of its words.</summary>
    public string Initials => string.Concat(Words.Select(w => w[0]));
}
