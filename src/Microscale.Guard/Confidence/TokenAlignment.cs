using System.Text;

namespace Microscale.Guard;

/// <summary>Lays the tokens of an answer over its text.</summary>
internal static class TokenAlignment
{
    /// <summary>The tokens that hold a part of a span of the text.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    /// <param name="start">The index of the span's first UTF-16 unit.</param>
    /// <param name="end">The index after the span.</param>
    public static List<TokenLogProbability> Tokens(IReadOnlyList<TokenLogProbability> tokens, string text, int start, int end)
    {
        var (from, to) = (Offset(text, start), Offset(text, end));
        return [.. Locate(tokens).Where(t => t.Start < to && t.End > from).Select(t => t.Token)];
    }

    /// <summary>The tokens of each word: those that hold a part of it.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    /// <param name="words">Words of it, in order.</param>
    public static List<List<TokenLogProbability>> Words(IReadOnlyList<TokenLogProbability> tokens, string text, List<AnswerWord> words)
    {
        var located = Locate(tokens).ToList();
        var result = new List<List<TokenLogProbability>>(words.Count);
        var first = 0;
        foreach (var word in words)
        {
            var (start, end) = (Offset(text, word.Start), Offset(text, word.End));
            while (first < located.Count && located[first].End <= start)
            {
                first++;
            }

            var own = new List<TokenLogProbability>();
            for (var i = first; i < located.Count && located[i].Start < end; i++)
            {
                own.Add(located[i].Token);
            }

            result.Add(own);
        }

        return result;
    }

    /// <summary>The offset in bytes from the first unit that is not white space.</summary>
    private static int Offset(string text, int index)
    {
        var blank = text.Length - text.AsSpan().TrimStart().Length;
        var end = text.AsSpan().TrimEnd().Length;
        return index <= blank ? 0 : Encoding.UTF8.GetByteCount(text.AsSpan(blank, Math.Max(0, Math.Min(index, end) - blank)));
    }

    /// <summary>Where each token lies, in bytes from the first that is not white space.</summary>
    private static IEnumerable<(int Start, int End, TokenLogProbability Token)> Locate(IReadOnlyList<TokenLogProbability> tokens)
    {
        var position = 0;
        foreach (var token in tokens)
        {
            var bytes = token.Utf8Bytes.Span;
            var length = position == 0 ? bytes.TrimStart(" \t\r\n"u8).Length : bytes.Length;
            if (length > 0)
            {
                yield return (position, position += length, token);
            }
        }
    }
}
