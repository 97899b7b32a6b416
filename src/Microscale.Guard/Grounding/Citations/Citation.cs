using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>A span of an answer that rests on a passage.</summary>
/// <param name="Evidence">The passage.</param>
/// <param name="Number">Its place among the evidence of the request, from 1.</param>
/// <param name="Claim">What the passage is cited for.</param>
/// <param name="Start">The first UTF-16 unit of the span in the answer's text.</param>
/// <param name="Length">The span's length.</param>
/// <param name="IsVerified">Whether a verifier found the passage to say so; otherwise only the model claims it.</param>
internal readonly record struct Citation(Evidence Evidence, int Number, string Claim, int Start, int Length, bool IsVerified)
{
    private const int LongestSnippet = 400;

    /// <summary>The annotation for a part of the span.</summary>
    /// <param name="region">Where the part lies in its content; null for an annotation of the whole answer.</param>
    public CitationAnnotation ToAnnotation(TextSpanAnnotatedRegion? region) => new()
    {
        FileId = Evidence.Id,
        Title = Evidence.Source,
        Url = Evidence.Url,
        Snippet = Snippet(),
        AnnotatedRegions = region is null ? null : [region],
        AdditionalProperties = new()
        {
            [GuardPropertyNames.CitationEvidenceId] = Evidence.Id,
            [GuardPropertyNames.CitationNumber] = Number,
            [GuardPropertyNames.CitationVerified] = IsVerified,
            [GuardPropertyNames.CitationStart] = Start,
            [GuardPropertyNames.CitationLength] = Length,
        },
    };

    /// <summary>The sentence of the passage that shares the most terms with the claim; the first of equals.</summary>
    private string Snippet()
    {
        var text = Evidence.Text;
        var terms = SearchTerms.Of(Claim).ToHashSet(StringComparer.Ordinal);
        var best = Sentences.Split(text).MaxBy(s => SearchTerms.CountShared(terms, text[s]));
        var sentence = text[best].Trim();
        return sentence.Length <= LongestSnippet ? sentence : string.Concat(sentence.AsSpan(0, LongestSnippet - 1).TrimEnd(), "…");
    }
}
