using System.Text;

namespace Microscale.Guard;

/// <summary>Lays the tokens of an answer over its text.</summary>
internal static class TokenAlignment
{
    /// <summary>The log-probabilities of the tokens that spell a text; tokens after its end are left out.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    public static List<double> Tokens(IReadOnlyList<TokenLogProbability> tokens, string text)
    {
        var end = Encoding.UTF8.GetByteCount(text.Trim());
        var result = new List<double>();
        foreach (var (start, _, logProbability) in Locate(tokens))
        {
            if (start >= end)
            {
                break;
            }

            result.Add(logProbability);
        }

        return result;
    }

    /// <summary>The log-probability of each word: the sum over the tokens that hold a part of it, Σ ln pᵢ.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    /// <param name="words">Words of it, in order.</param>
    public static List<double> Words(IReadOnlyList<TokenLogProbability> tokens, string text, List<AnswerWord> words)
    {
        var inner = text.Trim();
        var trimmed = text.Length - text.TrimStart().Length;
        var located = Locate(tokens).ToList();
        var result = new List<double>(words.Count);
        var first = 0;
        foreach (var word in words)
        {
            var (start, end) = (Offset(word.Start), Offset(word.End));
            while (first < located.Count && located[first].End <= start)
            {
                first++;
            }

            var sum = 0.0;
            for (var i = first; i < located.Count && located[i].Start < end; i++)
            {
                sum += located[i].LogProbability;
            }

            result.Add(sum);
        }

        return result;

        int Offset(int index) => Encoding.UTF8.GetByteCount(inner.AsSpan(0, Math.Clamp(index - trimmed, 0, inner.Length)));
    }

    /// <summary>Where each token lies, in bytes from the first that is not white space.</summary>
    private static IEnumerable<(int Start, int End, double LogProbability)> Locate(IReadOnlyList<TokenLogProbability> tokens)
    {
        var position = 0;
        foreach (var token in tokens)
        {
            var bytes = token.Utf8Bytes.Span;
            var length = position == 0 ? bytes.TrimStart(" \t\r\n"u8).Length : bytes.Length;
            if (length > 0)
            {
                // A server may round above 0.
                yield return (position, position += length, Math.Min(0, token.LogProbability));
            }
        }
    }
}
