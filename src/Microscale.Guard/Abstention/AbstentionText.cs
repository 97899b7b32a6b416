using System.Globalization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The default text of an abstention.</summary>
public static class AbstentionText
{
    private const int LongestQuote = 300;

    /// <summary>Says why the answer is withheld, and quotes what the evidence does say on the question.</summary>
    /// <param name="context">What the abstention is about.</param>
    /// <returns>The text. A quote is a whole sentence of the evidence, with a <see cref="CitationAnnotation"/>; a sentence
    /// with figures is never quoted, because a figure beside a refusal reads as the answer.</returns>
    public static TextContent Write(AbstentionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var text = context.HasBegun ? "I stop here: the rest of my answer could not be confirmed." : Why(context.Reason);
        if (FindQuote(context) is not var (evidence, number, sentence))
        {
            return new(text);
        }

        text += " What I do know: ";
        var quote = string.Create(CultureInfo.InvariantCulture, $"{sentence} [{number}]");
        var citation = new Citation(evidence, number, sentence, text.Length, quote.Length, IsVerified: true);
        return new(text + quote)
        {
            Annotations = [citation.ToAnnotation(new() { StartIndex = citation.Start, EndIndex = citation.Start + citation.Length })],
        };
    }

    /// <summary>A text that needs nothing and cannot fail.</summary>
    internal static string Why(GuardReason reason) => reason switch
    {
        GuardReason.LowConfidence => "I am not sure enough of an answer to give it.",
        GuardReason.Contradicted => "I can't answer that: what I would have said is at odds with the evidence.",
        GuardReason.Unverifiable => "I can't answer that: I found nothing that confirms what I would have said.",
        GuardReason.NoEvidence => "I can't answer that: I have no evidence on it, and I would rather not guess.",
        GuardReason.SourceFailed => "I can't answer that right now: the evidence could not be searched.",
        _ => "I can't answer that right now: my answer could not be checked.",
    };

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
