namespace Microscale.Guard;

/// <summary>The scorers of this library. All are raw: a value is no probability of being right, and a threshold fits only the
/// scorer and model that it was found with.</summary>
/// <remarks>All are safe for concurrent use.</remarks>
public static class Confidence
{
    /// <summary>How probable the model found what it said. Costs nothing but the log-probabilities; can be had while the answer
    /// is streamed.</summary>
    /// <param name="aggregation">How the probabilities become one.</param>
    /// <param name="scope">What of the answer counts.</param>
    /// <remarks><para>A fluent model is sure of its filler, and of the words that it repeats from the question: by default only words
    /// that say something new count. The Nobel prize of 2013 that SmolLM2-135M invents for a physicist who never was has a mean of
    /// 0.30 so, its right answer about the capital of France 0.96; over all tokens both have 0.67. How well the score ranks right
    /// answers above wrong ones is hardly changed: the area under the ROC curve for greedy answers of that model was 0.64 so and
    /// 0.63 over all tokens on 160 questions about a passage, 0.71 and 0.71 with 180 questions from memory added (62 of 340
    /// right). A model this small is a poor judge of itself: verify what it says.</para>
    /// <para>Not available where the model client gives no log-probabilities (<see cref="LogProbabilityExtensions"/>).</para></remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is not of its enumeration.</exception>
    public static IConfidenceScorer TokenProbability(
        TokenAggregation aggregation = TokenAggregation.Mean, TokenScope scope = TokenScope.NewWords) =>
        new TokenProbabilityScorer(aggregation, scope);

    /// <summary>How far the model says the same when it is asked again: the mean similarity of the answer to further
    /// answers, which are drawn at <see cref="ConfidenceOptions.SampleTemperature"/>. Costs <paramref name="samples"/> more
    /// answers; known only at the end of a stream. Works with every model.</summary>
    /// <param name="samples">How many further answers to draw, from 1 to 100.</param>
    /// <param name="similarity">What counts as the same; null for <see cref="AnswerSimilarity.Lexical"/>.</param>
    /// <remarks>Manakul et al. 2023, "SelfCheckGPT", arXiv 2303.08896: what a model knows it repeats, what it invents differs
    /// from sample to sample. As a mean of similarities to the answer: Lin et al. 2024, "Generating with confidence",
    /// arXiv 2305.19187. On the answers named at <see cref="TokenProbability"/>, five samples and
    /// <see cref="AnswerSimilarity.Lexical"/> gave an area under the ROC curve of 0.64 and 0.72.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is out of its range.</exception>
    public static IConfidenceScorer Consistency(int samples = 5, IAnswerSimilarity? similarity = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, 100);
        return new ConsistencyScorer(samples, similarity ?? AnswerSimilarity.Lexical);
    }

    /// <summary>The weighted mean Σ wᵢ sᵢ / Σ wᵢ of several scores; samples are drawn once for all.</summary>
    /// <param name="parts">The scorers with their weights. Without a part that is not <see cref="EnsemblePart.Optional"/>
    /// there is no score.</param>
    /// <remarks>A linear ensemble of black-box and white-box scorers: Chen and Mueller 2024, "Quantifying uncertainty in answers
    /// from any language model", arXiv 2308.16175 (two parts); Bouchard and Chauhan 2025, arXiv 2504.19254 (any
    /// number).</remarks>
    /// <exception cref="ArgumentException">There is no part that must be there, or a weight is not above 0.</exception>
    public static IConfidenceScorer Ensemble(params IReadOnlyList<EnsemblePart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new EnsembleScorer(parts);
    }

    /// <summary>The mean of several scores; samples are drawn once for all.</summary>
    /// <param name="parts">The scorers. Without one of them there is no score.</param>
    public static IConfidenceScorer Ensemble(params IReadOnlyList<IConfidenceScorer> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new EnsembleScorer(parts.Select(p => new EnsemblePart(p)));
    }
}
