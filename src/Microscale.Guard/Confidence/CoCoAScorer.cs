namespace Microscale.Guard;

/// <summary>Scores an answer by its probability and its agreement with samples together; see <see cref="Confidence.CoCoA"/>.</summary>
internal sealed class CoCoAScorer : IConfidenceScorer
{
    private readonly IConfidenceScorer _probability;
    private readonly IConfidenceScorer _consistency;
    private readonly bool _multipliesConfidences;

    public CoCoAScorer(IConfidenceScorer probability, IConfidenceScorer consistency, CoCoACombination combination)
    {
        _probability = probability;
        _consistency = consistency;
        _multipliesConfidences = EnumArgument.Checked(combination) == CoCoACombination.Confidences;
        Name = "cocoa." + EnumArgument.Label(combination);
    }

    public string Name { get; }

    public ScorerNeeds Needs => _probability.Needs | _consistency.Needs;

    public ScorerCost Cost => ScorerCost.Together([_probability.Cost, _consistency.Cost]);

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var probability = await _probability.ScoreAsync(context, cancellationToken);
        if (probability.Value is not { } p)
        {
            return ConfidenceScore.Unavailable(Name, probability.Explanation!) with { Parts = [probability] };
        }

        var consistency = await _consistency.ScoreAsync(context, cancellationToken);
        return consistency.Value is { } s
            ? new ConfidenceScore(Name, _multipliesConfidences ? p * s : Math.Pow(p, 1 - s)) { Parts = [probability, consistency] }
            : ConfidenceScore.Unavailable(Name, consistency.Explanation!) with { Parts = [probability, consistency] };
    }
}
