using System.Text;

namespace Microscale.Guard;

/// <summary>Lays the tokens of an answer over its text.</summary>
internal static class TokenWords
{
    /// <summary>The log-probabilities of the tokens that spell a text; tokens after its end are left out.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    public static List<double> Spelling(IReadOnlyList<TokenLogProbability> tokens, string text) =>
        Within(tokens, text, [(0, text.Length)]);

    /// <summary>The log-probabilities of the tokens that spell words of a text, in order, each once.</summary>
    /// <param name="tokens">Tokens that spell <paramref name="text"/>, white space around it aside.</param>
    /// <param name="text">The text.</param>
    /// <param name="spans">Spans of it in UTF-16 units, ascending.</param>
    public static List<double> Within(IReadOnlyList<TokenLogProbability> tokens, string text, IReadOnlyList<(int Start, int End)> spans)
    {
        var inner = text.Trim();
        var trimmed = text.Length - text.TrimStart().Length;
        var bytes = new (int Start, int End)[spans.Count];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (Offset(spans[i].Start), Offset(spans[i].End));
        }

        var result = new List<double>();
        var position = 0;
        var leading = true;
        var next = 0;
        foreach (var token in tokens)
        {
            var length = token.Utf8Bytes.Length;
            if (leading)
            {
                length = token.Utf8Bytes.Span.TrimStart(" \t\r\n"u8).Length;
                leading = length == 0;
            }

            var start = position;
            position += length;
            while (next < bytes.Length && bytes[next].End <= start)
            {
                next++;
            }

            if (length > 0 && next < bytes.Length && bytes[next].Start < position)
            {
                // A server may round above 0.
                result.Add(Math.Min(0, token.LogProbability));
            }
        }

        return result;

        int Offset(int index) => Encoding.UTF8.GetByteCount(inner.AsSpan(0, Math.Clamp(index - trimmed, 0, inner.Length)));
    }
}
