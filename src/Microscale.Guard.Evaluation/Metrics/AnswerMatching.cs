using System.Text;

namespace Microscale.Guard.Evaluation;

/// <summary>Compares short answers with their known spellings.</summary>
/// <remarks>
/// <para>Texts are compared as in Rajpurkar et al. 2016, "SQuAD: 100,000+ questions for machine comprehension of text",
/// arXiv 1606.05250: in lower case, without punctuation, without the articles a, an and the, with single blanks. Symbols and
/// punctuation of all of Unicode are taken out, not only those of ASCII.</para>
/// <para>All members are pure, and safe for concurrent callers.</para>
/// </remarks>
public static class AnswerMatching
{
    /// <summary>The text as it is compared.</summary>
    /// <param name="text">An answer.</param>
    public static string Normalize(string text) => string.Join(' ', Tokens(text));

    /// <summary>Whether an answer is one of the spellings, and nothing else (exact match).</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="aliases">The spellings that count as right; with none, no answer is.</param>
    public static bool IsExactMatch(string answer, IEnumerable<string> aliases)
    {
        ArgumentNullException.ThrowIfNull(aliases);
        var normalized = Normalize(answer);
        return aliases.Any(a => Normalize(a) == normalized);
    }

    /// <summary>Whether an answer holds one of the spellings as whole words: the measure for models that answer in
    /// sentences.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="aliases">The spellings that count as right; with none, no answer is.</param>
    /// <remarks>It takes "not Paris, but Lyon" for Paris: use it for answers of a sentence or less, as Mallen et al. 2023, "When not
    /// to trust language models", arXiv 2212.10511, do.</remarks>
    public static bool IsMatch(string answer, IEnumerable<string> aliases)
    {
        ArgumentNullException.ThrowIfNull(aliases);
        var words = $" {Normalize(answer)} ";
        return aliases.Any(a => Normalize(a) is { Length: > 0 } alias && words.Contains($" {alias} ", StringComparison.Ordinal));
    }

    /// <summary>The harmonic mean of the shares of words that an answer and a spelling have in common, for the spelling that fits
    /// best.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="aliases">The spellings that count as right; with none, it is 0.</param>
    /// <returns>From 0 to 1.</returns>
    /// <remarks>Rajpurkar et al. 2016, with the words that are left of an answer of articles alone as in SQuAD 2.0 (arXiv 1806.03822):
    /// 1 if both have none, else 0.</remarks>
    public static double TokenF1(string answer, IEnumerable<string> aliases)
    {
        ArgumentNullException.ThrowIfNull(aliases);
        var words = Tokens(answer);
        return aliases.Select(a => TokenF1(words, Tokens(a))).DefaultIfEmpty(0).Max();
    }

    private static double TokenF1(List<string> answer, List<string> alias)
    {
        if (answer.Count == 0 || alias.Count == 0)
        {
            return answer.Count == alias.Count ? 1 : 0;
        }

        var left = alias.CountBy(w => w).ToDictionary();
        var common = 0;
        foreach (var word in answer)
        {
            if (left.TryGetValue(word, out var count) && count > 0)
            {
                left[word] = count - 1;
                common++;
            }
        }

        // 2PR / (P + R), with P = common / answer and R = common / alias.
        return 2.0 * common / (answer.Count + alias.Count);
    }

    private static List<string> Tokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsPunctuation(rune) && !Rune.IsSymbol(rune))
            {
                kept.Append(Rune.ToLowerInvariant(rune));
            }
        }

        return [.. kept.ToString().Split(default(char[]?), StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("a" or "an" or "the"))];
    }
}
