namespace Microscale.Guard;

/// <summary>Scores an answer by the entropy over the meanings of it and its samples; see <see cref="Confidence.SemanticEntropy"/>.</summary>
internal sealed class SemanticEntropyScorer : IConfidenceScorer
{
    private readonly IEntailmentModel _model;
    private readonly int _samples;
    private readonly bool _byLikelihood;

    public SemanticEntropyScorer(IEntailmentModel model, int samples, SemanticWeighting weighting)
    {
        _model = model;
        _samples = samples;
        _byLikelihood = EnumArgument.Checked(weighting) == SemanticWeighting.Likelihood;
        Name = "semantic_entropy." + EnumArgument.Label(weighting);
    }

    public string Name { get; }

    public ScorerNeeds Needs =>
        ScorerNeeds.Samples | ScorerNeeds.EntailmentModel | (_byLikelihood ? ScorerNeeds.LogProbabilities : ScorerNeeds.None);

    public ScorerCost Cost => new() { Samples = _samples, EntailmentPairs = SemanticClusters.EntailmentPairs(_samples + 1) };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(context.Text))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        if (_byLikelihood && context.Tokens is null)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoLogProbabilities);
        }

        var drawn = await context.DrawSamplesAsync(_samples, cancellationToken);
        List<string?> answers = [context.Text, .. drawn.Select(d => Conversation.IsAnswer(d) ? d.Text : null)];
        var weights = answers.ConvertAll(_ => 1.0);
        if (_byLikelihood)
        {
            List<IReadOnlyList<TokenLogProbability>?> tokens = [context.Tokens, .. drawn.Select(d => d.GetLogProbabilities())];
            if (answers.Zip(tokens).Any(a => a.First is not null && !(a.Second is not null && TokenSpelling.Spells(a.Second, a.First))))
            {
                return ConfidenceScore.Unavailable(Name, Unavailability.NoSampleLogProbabilities);
            }

            weights = Likelihoods(answers, tokens);
        }

        var clusters = await SemanticClusters.FindAsync(_model, context.Question, answers, cancellationToken);
        return new ConfidenceScore(Name, Math.Clamp(1 - (Entropy(clusters, weights) / Math.Log(answers.Count)), 0, 1))
        {
            Explanation = $"{clusters.Max() + 1} meanings among {answers.Count} answers.",
        };
    }

    private static List<double> Likelihoods(List<string?> answers, List<IReadOnlyList<TokenLogProbability>?> tokens)
    {
        var weights = answers.Zip(
            tokens, (answer, own) => answer is null ? double.NaN : TokenProbabilityScorer.NormalizedProbability(own!, answer)).ToList();

        // What is no answer has no probability; it weighs as much as the answers do on average.
        var mean = weights.Where(w => !double.IsNaN(w)).Average();
        return weights.ConvertAll(w => double.IsNaN(w) ? mean : w);
    }

    /// <summary>−Σ p(c) ln p(c), where p(c) is the share of a cluster in all weight.</summary>
    private static double Entropy(int[] clusters, List<double> weights)
    {
        var sum = weights.Sum();
        return -clusters.Zip(weights).GroupBy(p => p.First, p => p.Second / sum).Select(g => g.Sum()).Sum(p => p > 0 ? p * Math.Log(p) : 0);
    }
}
