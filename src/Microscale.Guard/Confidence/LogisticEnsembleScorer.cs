namespace Microscale.Guard;

/// <summary>Scores an answer by a logistic combination of other scorers; see <see cref="Confidence.LogisticEnsemble"/>.</summary>
internal sealed class LogisticEnsembleScorer : IConfidenceScorer
{
    private readonly LogisticWeights _weights;
    private readonly IConfidenceScorer[] _scorers;

    public LogisticEnsembleScorer(LogisticWeights weights, IEnumerable<IConfidenceScorer> scorers)
    {
        _weights = weights;
        _scorers = [.. scorers];
        if (_scorers.Length == 0 || _scorers.Length != weights.Weights.Count)
        {
            throw new ArgumentException(
                $"There are {_scorers.Length} scorers for {weights.Weights.Count} weights: pass the scorers that the weights were fitted with, in the same order.", nameof(scorers));
        }

        if (weights.Weights.Append(weights.Intercept).FirstOrDefault(w => !double.IsFinite(w)) is var bad && !double.IsFinite(bad))
        {
            throw new ArgumentException($"A weight is {bad}: set it to a finite number.", nameof(weights));
        }

        Needs = PartScores.NeedsOf(_scorers);
        Cost = ScorerCost.Together(_scorers.Select(s => s.Cost));
    }

    public string Name => "ensemble.logistic";

    public ScorerNeeds Needs { get; }

    public ScorerCost Cost { get; }

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var scores = await PartScores.ScoreAsync(_scorers, context, cancellationToken);
        return Array.Find(scores, s => s.Value is null) is { } missing
            ? ConfidenceScore.Unavailable(Name, $"{missing.Scorer}: {missing.Explanation}") with { Parts = scores }
            : new ConfidenceScore(Name, _weights.Apply(Array.ConvertAll(scores, s => s.Value!.Value))) { Parts = scores };
    }
}
