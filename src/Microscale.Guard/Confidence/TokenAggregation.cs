namespace Microscale.Guard;

/// <summary>How the probabilities p₁ … pₙ of tokens become one number.</summary>
public enum TokenAggregation
{
    /// <summary>The geometric mean exp(1/n Σ ln pᵢ), the inverse of the perplexity: sureness a token, of any length
    /// (length-normalised sequence probability, Malinin and Gales 2021, arXiv 2002.07650).</summary>
    Mean = 0,

    /// <summary>The least sure token, min pᵢ: one doubtful word makes the answer doubtful (Manakul et al. 2023, "SelfCheckGPT",
    /// arXiv 2303.08896, as max −ln pᵢ).</summary>
    Minimum,

    /// <summary>The joint probability Π pᵢ = exp(Σ ln pᵢ); it falls with every further token, so it compares only answers of
    /// like length (sequence probability, Malinin and Gales 2021).</summary>
    Product,
}

/// <summary>Which tokens of an answer count.</summary>
public enum TokenScope
{
    /// <summary>The tokens of words that say something new: content words (see <see cref="ContentWords"/>) that are not in the
    /// question, at their first mention. Where there are none, those of <see cref="ContentWords"/>.</summary>
    NewWords = 0,

    /// <summary>The tokens of words that are neither English function words nor punctuation. Where there are none, all.</summary>
    ContentWords,

    /// <summary>All tokens of the text.</summary>
    All,
}
