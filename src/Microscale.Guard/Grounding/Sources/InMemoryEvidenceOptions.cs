namespace Microscale.Guard;

/// <summary>How an <see cref="InMemoryEvidenceSource"/> cuts, ranks and filters passages.</summary>
/// <remarks>Read once, when the source is created.</remarks>
public sealed class InMemoryEvidenceOptions
{
    /// <summary>The most words of a passage; longer documents are cut between sentences.</summary>
    /// <value>The default value is 150; at least 10.</value>
    public int MaxPassageWords { get; set; } = 150;

    /// <summary>How many sentences at the end of a passage begin the next one of the same document as well, as
    /// far as there is room.</summary>
    /// <value>The default value is 1.</value>
    public int OverlapSentences { get; set; } = 1;

    /// <summary>How relevant a passage must be to be found, from 0 (all are) to 1. Relevance is the share of the question's
    /// terms, weighted by their rarity, that a passage holds; with embeddings, the mean of that and of its cosine similarity
    /// to the question. Uncalibrated: tune it on your own documents.</summary>
    /// <value>The default value is 0.3.</value>
    public double MinimumRelevance { get; set; } = 0.3;

    /// <summary>BM25's k1: how soon repetitions of a term stop counting. Not negative.</summary>
    /// <value>The default value is 1.2.</value>
    public double TermSaturation { get; set; } = 1.2;

    /// <summary>BM25's b: how much long passages are discounted, from 0 to 1.</summary>
    /// <value>The default value is 0.75.</value>
    public double LengthNormalization { get; set; } = 0.75;

    /// <summary>How much the ranking by embeddings counts in the fusion, where that by terms counts 1. Not negative.</summary>
    /// <value>The default value is 0.5.</value>
    public double EmbeddingWeight { get; set; } = 0.5;

    /// <summary>How much a passage that is like a better one is put back, from 0 (not at all) to 1 (only what is new counts):
    /// maximal marginal relevance. Worth setting where documents repeat each other.</summary>
    /// <value>The default value is 0.</value>
    public double Diversity { get; set; }

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Require(MaxPassageWords >= 10, nameof(MaxPassageWords), "at least 10");
        Require(OverlapSentences >= 0, nameof(OverlapSentences), "0 or more");
        Require(MinimumRelevance is >= 0 and <= 1, nameof(MinimumRelevance), "between 0 and 1");
        Require(TermSaturation is >= 0 and < double.PositiveInfinity, nameof(TermSaturation), "0 or more, such as 1.2");
        Require(LengthNormalization is >= 0 and <= 1, nameof(LengthNormalization), "between 0 and 1, such as 0.75");
        Require(EmbeddingWeight is >= 0 and < double.PositiveInfinity, nameof(EmbeddingWeight), "0 or more, such as 0.5");
        Require(Diversity is >= 0 and <= 1, nameof(Diversity), "between 0 and 1, such as 0.3");
    }

    private static void Require(bool holds, string setting, string remedy)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(InMemoryEvidenceOptions)}.{setting} is out of range: set it to {remedy}.", setting);
        }
    }
}
