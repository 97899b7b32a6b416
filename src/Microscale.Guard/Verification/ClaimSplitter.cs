using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds the claims of an answer: the clauses of its sentences, list items, headings and table rows.</summary>
/// <remarks>
/// Whatever is not surely free of a statement is a claim. Not claims are: text without a letter or digit, the
/// <see cref="SmallTalk"/> sentences, and questions without a digit and without a capitalised word beyond the first. A block
/// of code is one claim, since it can state anything. A fragment ("1968.") is verified together with the question; its span
/// stays that of the fragment, and so with the name that a leading pronoun stands for (<see cref="Antecedent"/>). A sentence is cut only as <see cref="Clauses"/> says. Spans leave out white space, list markers and citation markers around the words.
/// </remarks>
internal static partial class ClaimSplitter
{
    /// <summary>The claims of a whole answer.</summary>
    public static IReadOnlyList<Claim> Split(string answer, string question, int maxSentenceLength = SentenceSegmenter.DefaultMaxLength)
    {
        var ends = SentenceSegmenter.Split(answer, maxSentenceLength);
        var claims = new List<Claim>(ends.Count);
        var start = 0;
        foreach (var end in ends)
        {
            AddFromSentence(claims, answer, start, end, question);
            start = end;
        }

        return claims;
    }

    /// <summary>The claims of one sentence; empty when it makes none.</summary>
    /// <param name="answer">The answer, at least up to the sentence's end.</param>
    /// <param name="start">The index of the sentence's start in the answer.</param>
    /// <param name="end">The index after the sentence.</param>
    /// <param name="question">The question that is answered.</param>
    public static IReadOnlyList<Claim> FromSentence(ReadOnlySpan<char> answer, int start, int end, string question)
    {
        var claims = new List<Claim>();
        AddFromSentence(claims, answer, start, end, question);
        return claims;
    }

    private static void AddFromSentence(List<Claim> claims, ReadOnlySpan<char> answer, int start, int end, string question)
    {
        var citations = CitationMarker.Numbers(answer[start..end]);
        var isCode = CodeFence.Starts(answer[start..end]);
        (start, end) = isCode ? TrimWhiteSpace(answer, start, end) : Trim(answer, start, end, question);
        var words = answer[start..end];
        if (!ContainsLetterOrDigit(words))
        {
            return;
        }

        if (isCode)
        {
            claims.Add(new Claim(words.ToString(), start, end - start));
            return;
        }

        var sentence = ClaimText.Clean(words);
        if (sentence.Length == 0 || SmallTalk.Matches(sentence, question) || IsBareQuestion(sentence))
        {
            return;
        }

        foreach (var clause in Clauses.Split(words))
        {
            var (from, length) = clause.GetOffsetAndLength(words.Length);
            var isFirst = from == 0 && answer[..start].IsWhiteSpace();
            var statement = length == words.Length ? sentence : ClaimText.Clean(words.Slice(from, length));
            var text = from == 0 && !isFirst && !ClaimText.IsFragment(statement) && Antecedent.Resolve(statement, answer[..start]) is var resolved && resolved != statement
                ? resolved
                : ClaimText.StandAlone(statement, question, isFirst);
            claims.Add(new Claim(text, start + from, length) { Citations = citations });
        }
    }

    private static (int Start, int End) Trim(ReadOnlySpan<char> answer, int start, int end, string question)
    {
        (start, end) = TrimWhiteSpace(answer, start, end);
        foreach (var match in ListMarker().EnumerateMatches(answer[start..end]))
        {
            if (!IsAnswerByNumber(answer[..start], answer.Slice(start, match.Length), question))
            {
                start += match.Length;
            }
        }

        // Trailing table bars and citation markers, in any order.
        for (var previous = -1; previous != end;)
        {
            previous = end;
            end = start + answer[start..end].TrimEnd(" \t\r\n|").Length;
            foreach (var match in TrailingCitation().EnumerateMatches(answer[start..end]))
            {
                end = start + match.Index;
            }
        }

        return TrimWhiteSpace(answer, start, end);
    }

    /// <summary>"7. That is how many" starts like a list item. A number is a list marker when it is the first or follows its
    /// predecessor, and the answer does not start with it after a question for a number.</summary>
    private static bool IsAnswerByNumber(ReadOnlySpan<char> before, ReadOnlySpan<char> marker, string question)
    {
        var digits = marker.Trim().TrimStart("|>#*_ ").TrimEnd(".)*_");
        if (marker.Contains(')') || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        if (number <= 1)
        {
            return before.IsWhiteSpace() && AsksForNumber().IsMatch(question);
        }

        foreach (var line in before.EnumerateLines())
        {
            var item = line.TrimStart(" \t>*_");
            var length = item.IndexOfAnyExceptInRange('0', '9');
            if (length > 0 && item[length] is '.' or ')'
                && int.TryParse(item[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var earlier) && earlier == number - 1)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBareQuestion(string text)
    {
        if (text.AsSpan().TrimEnd("\"”’')! ") is not [.., '?'])
        {
            return false;
        }

        var first = true;
        foreach (var word in Words().EnumerateMatches(text))
        {
            var span = text.AsSpan(word.Index, word.Length);
            var isPronoun = span is "I" || span.StartsWith("I'") || span.StartsWith("I’");
            foreach (var c in span)
            {
                // Scripts without case cannot show a name.
                if (char.IsDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter
                    || (!first && !isPronoun && char.IsUpper(c)))
                {
                    return false;
                }
            }

            first = false;
        }

        return true;
    }

    private static bool ContainsLetterOrDigit(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsLetterOrDigit(rune))
            {
                return true;
            }
        }

        return false;
    }

    private static (int Start, int End) TrimWhiteSpace(ReadOnlySpan<char> answer, int start, int end)
    {
        var trimmed = answer[start..end].TrimStart();
        start = end - trimmed.Length;
        return (start, start + trimmed.TrimEnd().Length);
    }

    [GeneratedRegex(@"^(?:[|>]\s*)*(?:#{1,6}\s+)?(?:(?:[-*+•◦‣–]\s+(?:\[[ xX]\]\s+)?)|(?:[*_]*\d{1,3}[.)][*_]*\s+(?=\S)))?", RegexOptions.CultureInvariant)]
    private static partial Regex ListMarker();

    [GeneratedRegex(@"(?:\[\^?\d[\d ,;–-]{0,20}\]|【\d[\d ,;–-]{0,20}】)$", RegexOptions.CultureInvariant)]
    private static partial Regex TrailingCitation();

    [GeneratedRegex(@"\b(?:how (?:many|much|old|long|far|big|tall|high|deep|often)|what number|number of|which number|count)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AsksForNumber();

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’][\p{L}]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
