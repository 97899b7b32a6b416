namespace Microscale.Guard;

/// <summary>Scores an answer by the weighted mean of other scorers.</summary>
internal sealed class EnsembleScorer : IConfidenceScorer
{
    private readonly EnsemblePart[] _parts;

    public EnsembleScorer(IEnumerable<EnsemblePart> parts)
    {
        _parts = [.. parts];
        if (_parts.Length == 0 || _parts.All(p => p?.Optional is true))
        {
            throw new ArgumentException("An ensemble needs at least one part that is not optional.", nameof(parts));
        }

        foreach (var part in _parts)
        {
            ArgumentNullException.ThrowIfNull(part?.Scorer, nameof(parts));
            if (!(part.Weight > 0 && double.IsFinite(part.Weight)))
            {
                throw new ArgumentException(
                    $"The weight of the scorer {part.Scorer.Name} is {part.Weight}: set it above 0, or leave the scorer out.", nameof(parts));
            }
        }

        Needs = PartScores.NeedsOf(_parts.Select(p => p.Scorer));
        Cost = ScorerCost.Together(_parts.Select(p => p.Scorer.Cost));
    }

    public string Name => "ensemble";

    public ScorerNeeds Needs { get; }

    public ScorerCost Cost { get; }

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var scores = await PartScores.ScoreAsync(_parts.Select(p => p.Scorer), context, cancellationToken);
        double sum = 0;
        double weights = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i].Value is { } value)
            {
                sum += _parts[i].Weight * value;
                weights += _parts[i].Weight;
            }
            else if (!_parts[i].Optional)
            {
                return ConfidenceScore.Unavailable(Name, $"{scores[i].Scorer}: {scores[i].Explanation}") with { Parts = scores };
            }
        }

        return new ConfidenceScore(Name, Math.Clamp(sum / weights, 0, 1)) { Parts = scores };
    }
}
