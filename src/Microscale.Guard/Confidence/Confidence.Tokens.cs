namespace Microscale.Guard;

public static partial class Confidence
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

    /// <summary>How little surprised the model was by its own answer: 1 / perplexity, over all tokens. The same as
    /// <see cref="TokenProbability"/> with <see cref="TokenAggregation.Mean"/> and <see cref="TokenScope.All"/>, whose explanation
    /// tells the perplexity itself.</summary>
    /// <remarks>Perplexity exp(−1/n Σ ln pᵢ), from 1 (sure) upward: Jelinek et al. 1977; as a measure of confidence: Fomicheva et
    /// al. 2020, arXiv 2005.10608.</remarks>
    public static IConfidenceScorer Perplexity() => new TokenProbabilityScorer(TokenAggregation.Mean, TokenScope.All);

    /// <summary>How little the model hesitated between alternatives: 1 − H / ln K, where H is the entropy −Σ qₖ ln qₖ of the K most
    /// probable tokens at a place, their probabilities scaled to the sum 1. Costs nothing but the log-probabilities; can be had
    /// while the answer is streamed.</summary>
    /// <param name="aggregation"><see cref="TokenAggregation.Mean"/> (arithmetic) or <see cref="TokenAggregation.Minimum"/> over the
    /// words or tokens; a word is as sure as its least sure token.</param>
    /// <param name="scope">What of the answer counts.</param>
    /// <remarks>Mean token entropy: Malinin and Gales 2021, arXiv 2002.07650; over the top alternatives and normalised: Manakul et
    /// al. 2023, arXiv 2303.08896, and Bouchard et al. 2025, arXiv 2507.06196. A value depends on K
    /// (<see cref="ConfidenceOptions.TopAlternatives"/>): what lies beyond the K alternatives is not seen.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is not one of those.</exception>
    public static IConfidenceScorer TokenEntropy(
        TokenAggregation aggregation = TokenAggregation.Mean, TokenScope scope = TokenScope.NewWords) =>
        new TokenEntropyScorer(aggregation, scope);

    /// <summary>How far the tokens lead over the runner-up: p − p′ for the probabilities of the token and of the most probable other
    /// one, and 0 where another one was more probable. Costs nothing but the log-probabilities; can be had while the answer is
    /// streamed.</summary>
    /// <param name="aggregation"><see cref="TokenAggregation.Mean"/> (arithmetic) or <see cref="TokenAggregation.Minimum"/> over the
    /// words or tokens; a word is as sure as its least sure token.</param>
    /// <param name="scope">What of the answer counts.</param>
    /// <remarks>Margin of the two most probable classes: Scheffer et al. 2001; of tokens: Bouchard et al. 2025, arXiv 2507.06196.
    /// For a greedy answer the two definitions are one; a sampled token that was not the most probable has no lead
    /// here.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is not one of those.</exception>
    public static IConfidenceScorer TokenMargin(
        TokenAggregation aggregation = TokenAggregation.Mean, TokenScope scope = TokenScope.NewWords) =>
        new TokenMarginScorer(aggregation, scope);

    /// <summary>How far the model was from finding all alternatives equally probable: 1 − exp(−D), where D is the divergence
    /// KL(U ‖ q) = −ln K − 1/K Σ ln qₖ of the uniform distribution from the K most probable tokens at a place, their probabilities
    /// scaled to the sum 1. Costs nothing but the log-probabilities; can be had while the answer is streamed.</summary>
    /// <param name="aggregation"><see cref="TokenAggregation.Mean"/> (of D, arithmetic) or <see cref="TokenAggregation.Minimum"/> over
    /// the words or tokens; a word is as sure as its least sure token.</param>
    /// <param name="scope">What of the answer counts.</param>
    /// <remarks>Kang et al. 2025, "Scalable best-of-N selection for large language models via self-certainty", arXiv 2502.18581,
    /// there over the whole vocabulary; a server tells only its K alternatives
    /// (<see cref="ConfidenceOptions.TopAlternatives"/>), and a value depends on K. A qₖ below 10⁻⁹ counts as 10⁻⁹.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is not one of those.</exception>
    public static IConfidenceScorer SelfCertainty(
        TokenAggregation aggregation = TokenAggregation.Mean, TokenScope scope = TokenScope.NewWords) =>
        new SelfCertaintyScorer(aggregation, scope);

    /// <summary>How sure the least sure claim of the answer is: a long answer with one invented sentence is as doubtful as that
    /// sentence. Claims are found as verification finds them, and each is scored by the tokens of its own span; an answer without
    /// claims is scored as a whole.</summary>
    /// <param name="scorer">Scores each claim; one that goes by tokens, such as <see cref="TokenProbability"/>. Null for
    /// that.</param>
    /// <remarks>Scores of claims from token probabilities: Fadeeva et al. 2024, "Fact-checking the output of large language models via
    /// token-level uncertainty quantification", arXiv 2403.04696 (section 4, baselines). The parts of the score are those of the
    /// claims, in their order.</remarks>
    /// <exception cref="ArgumentException">The scorer needs samples or further calls: it scores the answer as a whole, so that all
    /// claims would score the same.</exception>
    public static IConfidenceScorer LeastSureClaim(IConfidenceScorer? scorer = null)
    {
        scorer ??= TokenProbability();
        return (scorer.Needs & (ScorerNeeds.Samples | ScorerNeeds.ModelCalls)) == 0
            ? new LeastSureClaimScorer(scorer)
            : throw new ArgumentException(
                $"The scorer {scorer.Name} scores an answer as a whole: use one that goes by tokens, such as Confidence.TokenProbability.", nameof(scorer));
    }
}
