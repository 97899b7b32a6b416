using System.Globalization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The default text of an abstention.</summary>
public static class AbstentionText
{
    private const int LongestQuote = 300;

    /// <summary>Says why the answer is withheld, how much of it could not be confirmed, what would help, and what the evidence
    /// does say on the question.</summary>
    /// <param name="context">What the abstention is about, and in which language.</param>
    /// <returns>The text. A quote is a whole sentence of the evidence, with a <see cref="CitationAnnotation"/>; a sentence
    /// with figures is never quoted, because a figure beside a refusal reads as the answer.</returns>
    public static TextContent Write(AbstentionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var templates = context.Templates;
        List<string> sentences = [context.HasBegun ? templates.Stopped : templates.Why(context.Reason)];
        var claims = context.Report.Verdicts?.Count ?? 0;
        var unconfirmed = context.Report.Verdicts?.Count(v => v.Verdict != Verdict.Supported) ?? 0;
        if (unconfirmed > 0 && unconfirmed < claims && !context.HasBegun)
        {
            // Counts only: what could not be confirmed must not be said in other words.
            sentences.Add(templates.Unconfirmed
                .Replace("{0}", unconfirmed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{1}", claims.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        sentences.Add(templates.Help(context.Reason));
        var text = string.Join(' ', sentences.Where(s => !string.IsNullOrWhiteSpace(s)));
        if (FindQuote(context) is not var (evidence, number, sentence))
        {
            return new(text);
        }

        var place = templates.Known.IndexOf("{0}", StringComparison.Ordinal);
        var quote = string.Create(CultureInfo.InvariantCulture, $"{sentence} [{number}]");
        var citation = new Citation(evidence, number, sentence, text.Length + 1 + place, quote.Length, IsVerified: true);
        return new($"{text} {templates.Known.Replace("{0}", quote, StringComparison.Ordinal)}")
        {
            Annotations = [citation.ToAnnotation(new() { StartIndex = citation.Start, EndIndex = citation.Start + citation.Length })],
        };
    }

    /// <summary>The sentence of the evidence that shares most terms with the question, if it shares more than half of
    /// them, and two at least.</summary>
    private static (Evidence Evidence, int Number, string Sentence)? FindQuote(AbstentionContext context)
    {
        var terms = SearchTerms.Of(context.Question).ToHashSet(StringComparer.Ordinal);
        (Evidence, int, string)? best = null;
        var most = Math.Max(1, terms.Count / 2);
        foreach (var (index, evidence) in context.Report.Evidence.Index())
        {
            foreach (var range in Sentences.Split(evidence.Text))
            {
                var sentence = evidence.Text[range].Trim();
                if (sentence.Length <= LongestQuote
                    && !sentence.Any(char.IsDigit)
                    && SearchTerms.CountShared(terms, sentence) is var shared
                    && shared > most)
                {
                    (best, most) = ((evidence, index + 1, sentence), shared);
                }
            }
        }

        return best;
    }
}
