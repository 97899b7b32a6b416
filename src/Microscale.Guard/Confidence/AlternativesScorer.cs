namespace Microscale.Guard;

/// <summary>Scores an answer by how the model's probability was spread over the alternatives at each of its tokens.</summary>
/// <remarks>A word is as sure as its least sure token.</remarks>
internal abstract class AlternativesScorer : IConfidenceScorer
{
    private readonly bool _byMinimum;
    private readonly TokenScope _scope;

    protected AlternativesScorer(string measure, TokenAggregation aggregation, TokenScope scope)
    {
        _byMinimum = aggregation switch
        {
            TokenAggregation.Mean => false,
            TokenAggregation.Minimum => true,
            _ => throw new ArgumentOutOfRangeException(
                nameof(aggregation), aggregation, "Use TokenAggregation.Mean or TokenAggregation.Minimum: the values are no probabilities that could be multiplied."),
        };
        _scope = scope;
        Name = $"{measure}.{(_byMinimum ? "minimum" : "mean")}.{TokenSelection.NameOf(scope)}";
    }

    public string Name { get; }

    public ScorerNeeds Needs => ScorerNeeds.LogProbabilities | ScorerNeeds.TopAlternatives;

    public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Score(context));

    /// <summary>How sure the model was at a token; more is surer.</summary>
    /// <param name="token">A token with at least one alternative.</param>
    /// <param name="width">The most alternatives of any token, at least 2.</param>
    protected abstract double Sureness(TokenLogProbability token, int width);

    /// <summary>Brings the aggregated sureness into 0..1.</summary>
    protected virtual double Normalize(double sureness) => Math.Clamp(sureness, 0, 1);

    /// <summary>The probabilities of a token's alternatives, scaled to the sum 1.</summary>
    protected static double[] Renormalize(TokenLogProbability token)
    {
        var highest = token.TopAlternatives.Max(a => a.LogProbability);
        var values = token.TopAlternatives.Select(a => Math.Exp(a.LogProbability - highest)).ToArray();
        var sum = values.Sum();
        return Array.ConvertAll(values, v => v / sum);
    }

    private ConfidenceScore Score(ConfidenceContext context)
    {
        if (context.Tokens is not { } tokens)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoLogProbabilities);
        }

        var units = TokenSelection.Select(context, tokens, _scope);
        if (units.Count == 0)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        var width = units.Max(u => u.Max(t => t.TopAlternatives.Count));
        if (width < 2 || units.Exists(u => u.Exists(t => t.TopAlternatives.Count == 0)))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoAlternatives);
        }

        var values = units.ConvertAll(u => u.Min(t => Sureness(t, width)));
        return new ConfidenceScore(Name, Normalize(_byMinimum ? values.Min() : values.Average()))
        {
            Explanation = TokenSelection.Describe(values.Count, _scope),
        };
    }
}
