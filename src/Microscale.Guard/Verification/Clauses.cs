using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Cuts a sentence into clauses that each state something of their own.</summary>
/// <remarks>
/// Deliberately timid, because half a statement is found false more easily than a whole one is found true. A cut is made only
/// at a semicolon, or at a comma with a conjunction ("and", "but", "whereas", "yet"), between two parts that each have a verb
/// and a subject of their own, of four or more words. What leans on the part before it stays with it: a clause that begins with
/// a pronoun, a verb, a preposition or a quantity without a noun ("others"), one inside quotation marks or brackets, and all
/// that follows a condition or someone's saying so. English.
/// </remarks>
internal static partial class Clauses
{
    private const int LeastWords = 4;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Leaning =
        ("i you he she it we they his her its their this that these those such others some many most all both each one none another "
        + "which who whom whose where when then there also not so as to of in on at by for with from into during after before until since without "
        + "because although though if unless while only even either or and but yet more less same")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The clauses in order. What is between them is the conjunction and white space.</summary>
    public static Range[] Split(ReadOnlySpan<char> sentence)
    {
        List<Range>? clauses = null;
        var start = 0;
        if (!Conditional().IsMatch(sentence))
        {
            foreach (var cut in Cut().EnumerateMatches(sentence))
            {
                if (StandsAlone(sentence[start..cut.Index], isFirst: true) && StandsAlone(sentence[(cut.Index + cut.Length)..], isFirst: false))
                {
                    (clauses ??= []).Add(start..cut.Index);
                    start = cut.Index + cut.Length;
                }
            }
        }

        var last = start..sentence.Length;
        return clauses is null ? [last] : [.. clauses, last];
    }

    private static bool StandsAlone(ReadOnlySpan<char> clause, bool isFirst)
    {
        if (!isFirst && Cut().EnumerateMatches(clause) is var next && next.MoveNext())
        {
            // The part up to the next possible cut must be a clause already.
            clause = clause[..next.Current.Index];
        }

        if (!IsBalanced(clause))
        {
            return false;
        }

        var (words, verb) = (0, -1);
        foreach (var match in Word().EnumerateMatches(clause))
        {
            var word = clause.Slice(match.Index, match.Length);
            if (words == 0 && !isFirst && (Leaning.Contains(word) || word.EndsWith("ing")))
            {
                return false;
            }

            if (verb < 0)
            {
                if (words > 0 && word is "which" or "who" or "whose" or "that")
                {
                    return false;
                }

                if (ClaimText.IsVerb(word))
                {
                    verb = words;
                }
            }

            words++;
        }

        return words >= LeastWords && verb > 0;
    }

    private static bool IsBalanced(ReadOnlySpan<char> text) =>
        text.Count('(') == text.Count(')') && text.Count('[') == text.Count(']') && text.Count('“') == text.Count('”') && text.Count('"') % 2 == 0;

    [GeneratedRegex(@";\s+(?:(?:and|but|yet|however),?\s+)?|,\s+(?:and|but|whereas|yet)\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Cut();

    /// <summary>A condition, a doubt or someone's saying covers what follows it, too.</summary>
    [GeneratedRegex(
        @"^\W*(?:if|when|unless|because|although|though|since|while|after|before|once|should|did|does|do|is|are|was|were|what|who|how|why)\b"
        + @"|\b(?:whether|according|sa(?:id|ys?)|claim(?:s|ed)?|believ(?:es?|ed|ing)|th(?:inks?|ought)|argu(?:es?|ed)|suggest(?:s|ed)?|reported(?:ly)?|told|neither|either)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’\-][\p{L}\p{N}]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
