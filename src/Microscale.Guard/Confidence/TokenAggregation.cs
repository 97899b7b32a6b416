namespace Microscale.Guard;

/// <summary>How the probabilities p₁ … pₙ of tokens, or of words, become one number.</summary>
public enum TokenAggregation
{
    /// <summary>The geometric mean exp(1/n Σ ln pᵢ), the inverse of the perplexity: sureness a word or token, of any length
    /// (length-normalised sequence probability, Malinin and Gales 2021, arXiv 2002.07650). Values that are no probabilities,
    /// such as entropies, have their arithmetic mean taken.</summary>
    Mean = 0,

    /// <summary>The least sure one, min pᵢ: one doubtful word makes the answer doubtful (Manakul et al. 2023, "SelfCheckGPT",
    /// arXiv 2303.08896, as max −ln pᵢ).</summary>
    Minimum,

    /// <summary>The joint probability Π pᵢ = exp(Σ ln pᵢ); it falls with every further one, so it compares only answers of
    /// like length (sequence probability, Malinin and Gales 2021).</summary>
    Product,

    /// <summary>The arithmetic mean 1/n Σ pᵢ: a single doubtful word weighs no more than its share (mean token probability).</summary>
    ArithmeticMean,
}
