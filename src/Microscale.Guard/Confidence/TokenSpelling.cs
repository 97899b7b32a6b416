using System.Text;

namespace Microscale.Guard;

/// <summary>Checks that log-probabilities belong to a text.</summary>
internal static class TokenSpelling
{
    /// <summary>Whether the tokens, joined, begin with <paramref name="text"/> (white space around it aside; tokens may go
    /// on after it, as they do past a stop sequence).</summary>
    public static bool Spells(IReadOnlyList<TokenLogProbability> tokens, string text)
    {
        var expected = Encoding.UTF8.GetBytes(text.Trim()).AsSpan();
        var leading = true;
        foreach (var token in tokens)
        {
            var bytes = token.Utf8Bytes.Span;
            if (leading)
            {
                bytes = bytes.TrimStart(" \t\r\n"u8);
                leading = bytes.IsEmpty;
            }

            var common = Math.Min(bytes.Length, expected.Length);
            if (!bytes[..common].SequenceEqual(expected[..common]))
            {
                return false;
            }

            expected = expected[common..];
            if (expected.IsEmpty)
            {
                return true;
            }
        }

        return expected.IsEmpty;
    }
}
