namespace Microscale.Guard;

/// <summary>A sentence of the evidence with its terms.</summary>
internal sealed class EvidenceSentence
{
    private readonly HashSet<string> _terms;

    private EvidenceSentence(string text)
    {
        Text = text;
        _terms = SearchTerms.Of(text).ToHashSet(StringComparer.Ordinal);
    }

    public string Text { get; }

    /// <summary>The sentences of all passages, in their order.</summary>
    public static IEnumerable<EvidenceSentence> All(IReadOnlyList<Evidence> evidence) =>
        evidence.SelectMany(e => Sentences.Split(e.Text).Select(range => new EvidenceSentence(e.Text[range].Trim())));

    /// <summary>The share of some terms that the sentence holds.</summary>
    public double Share(HashSet<string> terms) => terms.Count == 0 ? 0 : terms.Count(_terms.Contains) / (double)terms.Count;

    /// <summary>Whether the sentence says more than some terms.</summary>
    public bool AddsTo(HashSet<string> terms) => _terms.Any(t => !terms.Contains(t));
}
