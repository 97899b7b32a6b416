namespace Microscale.Guard;

/// <summary>A field of an answer that is chosen from the evidence.</summary>
/// <param name="Path">The names of the properties that lead to it.</param>
/// <param name="Select">What a passage offers.</param>
internal sealed record EvidenceChoice(IReadOnlyList<string> Path, Func<Evidence, IEnumerable<string>> Select)
{
    /// <summary>The most values that a field can be chosen from: more make no schema that a model could use.</summary>
    private const int MaxTerms = 1_000;

    /// <summary>All that the evidence offers, in order of appearance.</summary>
    public IReadOnlyList<string> TermsOf(IEnumerable<Evidence> evidence) =>
        [.. evidence.SelectMany(Select).Where(term => !string.IsNullOrWhiteSpace(term)).Distinct(StringComparer.Ordinal).Take(MaxTerms)];
}
