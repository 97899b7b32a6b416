namespace Microscale.Guard;

/// <summary>The sentences of a whole text, as <see cref="SentenceSegmenter"/> finds them.</summary>
internal static class Sentences
{
    /// <summary>The sentences in order; together they are the text. A sentence may begin with blanks and end with line breaks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The longest sentence, in UTF-16 units; a longer one is cut. By default none is.</param>
    public static List<Range> Split(ReadOnlySpan<char> text, int maxLength = int.MaxValue)
    {
        var sentences = new List<Range>();
        var start = 0;
        foreach (var end in SentenceSegmenter.Split(text, maxLength))
        {
            sentences.Add(start..end);
            start = end;
        }

        return sentences;
    }
}
