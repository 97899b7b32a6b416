namespace Microscale.Guard;

/// <summary>How the probabilities p₁ … pₙ of tokens, or of words, become one number.</summary>
public enum TokenAggregation
{
    /// <summary>The geometric mean exp(1/n Σ ln pᵢ), the inverse of the perplexity: sureness a word or token, of any length
    /// (length-normalised sequence probability, Malinin and Gales 2021, arXiv 2002.07650).</summary>
    Mean = 0,

    /// <summary>The least sure one, min pᵢ: one doubtful word makes the answer doubtful (Manakul et al. 2023, "SelfCheckGPT",
    /// arXiv 2303.08896, as max −ln pᵢ).</summary>
    Minimum,

    /// <summary>The joint probability Π pᵢ = exp(Σ ln pᵢ); it falls with every further one, so it compares only answers of
    /// like length (sequence probability, Malinin and Gales 2021).</summary>
    Product,
}

/// <summary>What of an answer counts.</summary>
public enum TokenScope
{
    /// <summary>The words that say something new: content words (see <see cref="ContentWords"/>) that are not in the question, at
    /// their first mention. Where there are none, <see cref="ContentWords"/>.</summary>
    NewWords = 0,

    /// <summary>The words that are not English function words, each as probable as its tokens together, Π pᵢ: a year that
    /// a tokenizer cuts into digits is one word, and not four sure tokens beside a doubtful one. Where there are none,
    /// <see cref="All"/>.</summary>
    ContentWords,

    /// <summary>Each token of the text, punctuation included.</summary>
    All,
}
