using System.Buffers;

namespace Microscale.Guard;

/// <summary>Finds where the first sentence of a text ends.</summary>
/// <remarks>A decision depends only on the text, never on how it arrived: as long as text that has not arrived could change
/// it, there is none.</remarks>
internal static class SentenceBoundary
{
    /// <summary>How far beyond the size limit the text is read before a sentence is cut.</summary>
    private const int LookAhead = 64;

    private static readonly SearchValues<char> VowelsAndDigits = SearchValues.Create("aeiouyAEIOUY0123456789");

    /// <summary>Finds the end of the first sentence.</summary>
    /// <param name="text">The text from the sentence's start, as far as it has arrived.</param>
    /// <param name="atLineStart">Whether the text starts a line.</param>
    /// <param name="maxLength">The longest sentence, in UTF-16 units; a longer one is cut at white space.</param>
    /// <param name="complete">Whether no more text will come.</param>
    /// <returns>The index after the sentence; 0 when it is not known yet.</returns>
    public static int Find(ReadOnlySpan<char> text, bool atLineStart, int maxLength, bool complete)
    {
        if (atLineStart && CodeFence.FindEnd(text, maxLength, complete, out var end))
        {
            return end;
        }

        if (text.Length - LookAhead > maxLength)
        {
            text = text[..(maxLength + LookAhead)];
            complete = true;
        }

        end = Scan(text, atLineStart, complete);
        return end <= maxLength ? end : Cut(text, maxLength);
    }

    private static int Scan(ReadOnlySpan<char> text, bool atLineStart, bool complete)
    {
        var none = complete ? text.Length : 0;
        var i = NextVisible(text, 0);
        var lineStart = atLineStart || text[..i].ContainsAny('\r', '\n') ? i : -1;
        while (i < text.Length)
        {
            var c = text[i];
            if (c is '\n' or '\r')
            {
                var next = NextVisible(text, i);
                if (next == text.Length)
                {
                    return none;
                }

                if (!IsSoftWrap(text, lineStart, i, next))
                {
                    return AfterLastLineBreak(text, i, next);
                }

                lineStart = next;
                i = next;
            }
            else if (IsTerminator(c))
            {
                switch (EndOfSentence(text, lineStart, i, complete, out var after))
                {
                    case null:
                        return 0;
                    case true:
                        return after;
                    default:
                        i = after;
                        break;
                }
            }
            else
            {
                i++;
            }
        }

        return none;
    }

    /// <summary>Decides on the terminators at <paramref name="start"/>; null when later text decides. <paramref name="after"/>
    /// is the end of the sentence, or where to go on.</summary>
    private static bool? EndOfSentence(ReadOnlySpan<char> text, int lineStart, int start, bool complete, out int after)
    {
        var stop = Skip(text, start, IsTerminator);
        var isIdeographic = text[start..stop].ContainsAny("。！？｡");
        var isDot = text[start] == '.' && stop == start + 1;
        after = stop;
        if (isDot && lineStart >= 0 && IsListNumber(text[lineStart..start]))
        {
            return stop == text.Length && !complete ? null : false;
        }

        var cited = false;
        while (after < text.Length)
        {
            var closers = Skip(text, after, static c => IsCloser(c) || IsTerminator(c));
            var marker = Skip(text, closers, static c => c is ' ' or '\t');
            var length = CitationMarker.Match(text[marker..], complete);
            if (length < 0)
            {
                return null;
            }

            after = closers;
            if (length == 0)
            {
                break;
            }

            after = marker + length;
            cited = true;
        }

        if (after == text.Length)
        {
            return complete ? true : null;
        }

        if (!char.IsWhiteSpace(text[after]))
        {
            return isIdeographic || (cited && char.IsLetterOrDigit(text[after]));
        }

        var next = NextVisible(text, after);
        if (next == text.Length)
        {
            after = complete ? next : after;
            return complete ? true : null;
        }

        var broken = text[after..next].ContainsAny('\r', '\n');
        bool? ends = true;
        if (!isIdeographic && !cited)
        {
            // "(Foo Inc.) Europe": a bracket hides no abbreviation, a quote ends what it quotes.
            var bare = text[stop..after].IndexOfAnyExcept(")]}") < 0;
            ends = isDot && bare ? DotEnds(text, start, next, broken, complete) : broken || !char.IsLower(text[next]);
        }

        if (ends is true && broken)
        {
            after = AfterLastLineBreak(text, after, next);
        }

        return ends;
    }

    private static bool? DotEnds(ReadOnlySpan<char> text, int dot, int next, bool broken, bool complete)
    {
        var word = WordBefore(text, dot);
        var lower = char.IsLower(text[next]);
        if (Abbreviations.LeadsOn(word))
        {
            return false;
        }

        if (Abbreviations.LeadsToNumber(word) && (char.IsDigit(text[next]) || lower))
        {
            return false;
        }

        if (broken && !lower)
        {
            return true;
        }

        if (!Abbreviations.MayEnd(word))
        {
            // An unknown abbreviation has no vowel; a lower-case sentence has one somewhere.
            return !lower || word.IsEmpty || word.ContainsAny(VowelsAndDigits) || word.ContainsAnyExceptInRange('\0', '\x7f');
        }

        if (lower)
        {
            return false;
        }

        if (!char.IsLetter(text[next]))
        {
            return !char.IsDigit(text[next]);
        }

        var end = Skip(text, next, static c => char.IsLetter(c) || c is '\'' or '’');
        return end == text.Length && !complete ? null : Abbreviations.StartsSentence(text[next..end]);
    }

    /// <summary>A line break inside a sentence of a text that is wrapped at a width.</summary>
    private static bool IsSoftWrap(ReadOnlySpan<char> text, int lineStart, int lineBreak, int next)
    {
        var before = text[..lineBreak].TrimEnd();
        return char.IsLower(text[next])
            && text[lineBreak..next].Count('\n') <= 1
            && (char.IsLetterOrDigit(before[^1]) || before[^1] is ',' or ';' or ')' or ']' or '"' or '’' or '\'' or '*' or '_' or '`')
            && !(lineStart >= 0 && text[lineStart] is '#' or '|');
    }

    private static bool IsListNumber(ReadOnlySpan<char> text)
    {
        text = text.TrimStart("*_#> \t");
        return text.Length is > 0 and <= 3 && !text.ContainsAnyExceptInRange('0', '9');
    }

    private static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text, int dot)
    {
        var start = dot;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        return text[start..dot].TrimStart('.');
    }

    private static int Cut(ReadOnlySpan<char> text, int maxLength)
    {
        for (var i = maxLength; i > maxLength / 2; i--)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return char.IsLowSurrogate(text[maxLength]) ? maxLength - 1 : maxLength;
    }

    private static int AfterLastLineBreak(ReadOnlySpan<char> text, int start, int end) =>
        start + text[start..end].LastIndexOfAny('\r', '\n') + 1;

    private static int NextVisible(ReadOnlySpan<char> text, int start) => Skip(text, start, char.IsWhiteSpace);

    private static int Skip(ReadOnlySpan<char> text, int start, Func<char, bool> predicate)
    {
        while (start < text.Length && predicate(text[start]))
        {
            start++;
        }

        return start;
    }

    private static bool IsTerminator(char c) => c is '.' or '!' or '?' or '…' or '‽' or '。' or '！' or '？' or '｡' or '؟' or '۔' or '।' or '॥' or '።' or '။' or '។';

    private static bool IsCloser(char c) =>
        c is '"' or '\'' or '”' or '’' or '»' or '›' or ')' or ']' or '}' or '」' or '』' or '）' or '】' or '》' or '*' or '_' or '`';
}
