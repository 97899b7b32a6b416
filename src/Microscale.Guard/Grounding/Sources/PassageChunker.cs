namespace Microscale.Guard;

/// <summary>Cuts a long text into passages of whole sentences.</summary>
internal static class PassageChunker
{
    /// <summary>Where even a text without white space is cut.</summary>
    private const int LongestWord = 200;

    /// <summary>The passages of a text, in order. With no overlap they cover every character exactly once.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxWords">The most words of a passage; a longer sentence is cut between words.</param>
    /// <param name="overlapSentences">How many sentences at the end of a passage begin the next one as well, as far as there is room.</param>
    public static List<Range> Split(string text, int maxWords, int overlapSentences = 0)
    {
        List<Range> sentences = [.. Sentences.Split(text).SelectMany(s => Cut(text, s, maxWords))];
        var words = sentences.ConvertAll(s => CountWords(text.AsSpan()[s]));
        var passages = new List<Range>();
        for (var first = 0; first < sentences.Count;)
        {
            var end = first + 1;
            for (var total = words[first]; end < sentences.Count && total + words[end] <= maxWords; end++)
            {
                total += words[end];
            }

            passages.Add(sentences[first].Start..sentences[end - 1].End);
            if (end == sentences.Count)
            {
                break;
            }

            // The overlap gives way to the sentence after it: each passage must say something new.
            first = end;
            for (var total = words[end]; end - first < overlapSentences && total + words[first - 1] <= maxWords; first--)
            {
                total += words[first - 1];
            }
        }

        return passages;
    }

    internal static int CountWords(ReadOnlySpan<char> text)
    {
        var words = 0;
        var inside = false;
        foreach (var c in text)
        {
            var letter = !char.IsWhiteSpace(c);
            words += letter && !inside ? 1 : 0;
            inside = letter;
        }

        return words;
    }

    /// <summary>Cuts a sentence between words, so that no part has too many, and within words that are no words.</summary>
    private static IEnumerable<Range> Cut(string text, Range sentence, int maxWords)
    {
        var (start, end) = (sentence.Start.Value, sentence.End.Value);
        var words = 0;
        var word = start;
        for (var i = start + 1; i < end; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                words += char.IsWhiteSpace(text[i - 1]) ? 0 : 1;
                word = i + 1;
            }
            else if ((word == i && words >= maxWords) || (i - word >= LongestWord && !char.IsLowSurrogate(text[i])))
            {
                yield return start..i;
                (start, words, word) = (i, 0, i);
            }
        }

        yield return start..end;
    }
}
