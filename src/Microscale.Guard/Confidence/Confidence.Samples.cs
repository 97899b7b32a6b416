namespace Microscale.Guard;

public static partial class Confidence
{
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
        CheckSamples(samples);
        return new ConsistencyScorer(samples, similarity ?? AnswerSimilarity.Lexical);
    }

    /// <summary>How few different things the model says when it is asked again: 1 − SE / ln N, where SE = −Σ p(c) ln p(c) is the
    /// entropy over the meanings of N answers, the answer itself and its samples. Two answers mean the same when each entails the
    /// other after the question. Costs <paramref name="samples"/> more answers, and at most N (N − 1) pairs of the entailment
    /// model; known only at the end of a stream.</summary>
    /// <param name="model">The entailment model; not disposed.</param>
    /// <param name="samples">How many further answers to draw, from 1 to 100.</param>
    /// <param name="weighting">What an answer weighs in its meaning's probability p(c).</param>
    /// <remarks>Kuhn et al. 2023, arXiv 2302.09664 (clusters); Farquhar et al. 2024, "Detecting hallucinations in large language models
    /// using semantic entropy", Nature 630, Methods (by likelihood, and discrete); scaled by the most that N answers can
    /// have, as Bouchard and Chauhan 2025, arXiv 2504.19254. It judges the question more than the answer: a sure model whose
    /// answer is the odd one out among its samples scores high.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static IConfidenceScorer SemanticEntropy(
        IEntailmentModel model, int samples = 5, SemanticWeighting weighting = SemanticWeighting.Discrete)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckSamples(samples);
        return new SemanticEntropyScorer(model, samples, weighting);
    }

    /// <summary>How similar the answer and its samples all are to each other: the mean of their similarities in pairs. Costs
    /// <paramref name="samples"/> more answers; known only at the end of a stream.</summary>
    /// <param name="samples">How many further answers to draw, from 1 to 100.</param>
    /// <param name="similarity">What counts as the same; null for <see cref="AnswerSimilarity.Lexical"/>.</param>
    /// <remarks>Degree matrix: Lin et al. 2024, "Generating with confidence", arXiv 2305.19187, U = trace(mI − D) / m², which is
    /// 1 − Σ Wᵢⱼ / m² for the matrix W of similarities among m answers. Here without the diagonal, so that m answers of which none is
    /// like another score 0 and not 1/m; for a given m the order of scores is the same.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is out of its range.</exception>
    public static IConfidenceScorer DegreeMatrix(int samples = 5, IAnswerSimilarity? similarity = null)
    {
        CheckSamples(samples);
        return new DegreeMatrixScorer(samples, similarity ?? AnswerSimilarity.Lexical);
    }

    /// <summary>How few different things the answer and its samples say, counted without a threshold: 1 − (U − 1) / (m − 1), where U
    /// counts the meanings of m answers by the eigenvalues of their similarities, from 1 to m. Costs <paramref name="samples"/> more
    /// answers; known only at the end of a stream.</summary>
    /// <param name="samples">How many further answers to draw, from 1 to 100.</param>
    /// <param name="similarity">What counts as the same; null for <see cref="AnswerSimilarity.Lexical"/>.</param>
    /// <remarks>U = Σ max(0, 1 − λₖ) over the eigenvalues λₖ of the normalised graph Laplacian: Lin et al. 2024, "Generating with
    /// confidence", arXiv 2305.19187 (EigV).</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is out of its range.</exception>
    public static IConfidenceScorer SemanticSets(int samples = 5, IAnswerSimilarity? similarity = null)
    {
        CheckSamples(samples);
        return new SemanticSetsScorer(samples, similarity ?? AnswerSimilarity.Lexical);
    }

    /// <summary>The model's sureness of its words and its agreement with itself together. Costs <paramref name="samples"/> more answers
    /// and needs log-probabilities; known only at the end of a stream.</summary>
    /// <param name="samples">How many further answers to draw, from 1 to 100.</param>
    /// <param name="similarity">What counts as the same; null for <see cref="AnswerSimilarity.Lexical"/>.</param>
    /// <param name="combination">How the two become one.</param>
    /// <param name="aggregation">How the probabilities of words or tokens become one.</param>
    /// <param name="scope">What of the answer counts for its probability.</param>
    /// <remarks>Vashurin et al. 2025, "Uncertainty quantification for LLMs through minimum Bayes risk: bridging confidence and
    /// consistency" (CoCoA), arXiv 2502.04964.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static IConfidenceScorer CoCoA(
        int samples = 5,
        IAnswerSimilarity? similarity = null,
        CoCoACombination combination = CoCoACombination.Uncertainties,
        TokenAggregation aggregation = TokenAggregation.Mean,
        TokenScope scope = TokenScope.NewWords) =>
        new CoCoAScorer(TokenProbability(aggregation, scope), Consistency(samples, similarity), combination);
}
