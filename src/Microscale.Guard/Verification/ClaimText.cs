using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Turns the words of a claim into a statement that stands alone.</summary>
internal static partial class ClaimText
{
    private const int MaxQuestionLength = 300;

    /// <summary>How long a text is cleaned on the stack, in UTF-16 units.</summary>
    private const int LongestOnStack = 512;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Verbs =
        ("is are was were be been being am isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did doesn't don't didn't can could "
        + "will would shall should may might must cannot can't won't it's he's she's that's there's they're we're i'm you're "
        + "became become becomes began begin begins won win wins wrote write writes made make makes said say says went go goes took take "
        + "takes came come comes got get gets gave give gives found find finds told tell tells knew know knows thought think thinks saw see "
        + "sees led lead leads held hold holds ran run runs built build builds left leave leaves met meet meets lost lose loses sold sell "
        + "sells fell fall falls rose rise rises grew grow grows spoke speak speaks lay lie lies lives live contains contain means mean "
        + "cost costs equals equal let put set read cut hit sit sat stand stood stands keep kept keeps bring brought buy bought "
        + "use uses includes include works work remains remain")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words without citation markers and emphasis, in one line.</summary>
    public static string Clean(ReadOnlySpan<char> words)
    {
        var text = words.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[words.Length];
        var length = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var c = words[i];
            if (CitationMarker.Match(words[i..], complete: true) is var marker and > 0)
            {
                i += marker - 1;
                length = text[..length].TrimEnd(' ').Length;
            }
            else if (char.IsWhiteSpace(c))
            {
                length = text[..length].TrimEnd(' ').Length;
                text[length++] = ' ';
            }
            else if (!IsEmphasis(words, i))
            {
                text[length++] = c;
            }
        }

        return text[..length].TrimEnd(' ').TrimStart().ToString();
    }

    /// <summary>A statement in words that mean the same without its answer: what is said only in reply ("1968.", "The answer is
    /// 1968.", "It flew in 1968.") goes together with the question, or a verifier would find it true of something else.</summary>
    /// <param name="statement">The cleaned statement.</param>
    /// <param name="question">The question that is answered.</param>
    /// <param name="isFirst">Whether the answer begins with the statement, so that a pronoun speaks of the question.</param>
    public static string StandAlone(string statement, string question, bool isFirst)
    {
        var core = LeadIn().Replace(statement, "");
        core = ContainsLetterOrDigit(core) ? core : statement;
        return (IsFragment(core) || (isFirst && Pronoun().IsMatch(core))) && Essence(question) is { Length: > 0 } essence
            ? essence + " " + core
            : core;
    }

    /// <summary>Whether a statement lacks a verb, or is shorter than four words: it says something only together with its
    /// question.</summary>
    public static bool IsFragment(string statement)
    {
        Span<Range> words = stackalloc Range[7];
        var count = statement.AsSpan().Split(words, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count is < 4 or > 6)
        {
            return count < 4;
        }

        for (var i = 0; i < count; i++)
        {
            var word = statement.AsSpan(words[i]).Trim(".,;:!?\"()“”");
            if (IsVerb(word)
                || (i > 0 && word.Length > 2 && char.IsLower(word[0]) && word[^1] == 's' && char.IsUpper(statement[words[i - 1].Start])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a word is a common verb in a finite form, or looks like one in the past.</summary>
    public static bool IsVerb(ReadOnlySpan<char> word) =>
        Verbs.Contains(word.Contains('’') ? word.ToString().Replace('’', '\'') : word) || (word.Length > 4 && word.EndsWith("ed"));

    /// <summary>The last sentence of a question that asks, or its last sentence; in one line, of bounded length.</summary>
    public static string Essence(string question)
    {
        var chosen = "";
        foreach (var range in Sentences.Split(question, MaxQuestionLength))
        {
            var sentence = Clean(question.AsSpan()[range]);
            if (sentence.Length > 0 && (sentence.EndsWith('?') || !chosen.EndsWith('?')))
            {
                chosen = sentence;
            }
        }

        return chosen;
    }

    [GeneratedRegex(
        @"^(?:(?:so|well|yes|no),? )?(?:the|my) (?:(?:correct|right|short|final|exact) )?answer(?: to (?:this|that|the|your) question)?(?: is| was|:)(?: that)?[:,]? ?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LeadIn();

    [GeneratedRegex("^(?:it|he|she|they|this|that|these|those|its|his|her|their)\\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pronoun();

    private static bool ContainsLetterOrDigit(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEmphasis(ReadOnlySpan<char> text, int i)
    {
        var c = text[i];
        if (c == '`')
        {
            return true;
        }

        var before = i > 0 ? text[i - 1] : ' ';
        var after = i + 1 < text.Length ? text[i + 1] : ' ';
        return c switch
        {
            '*' => before == '*' || after == '*' || (char.IsWhiteSpace(before) != char.IsWhiteSpace(after)),
            '_' => before == '_' || after == '_',
            _ => false,
        };
    }
}
