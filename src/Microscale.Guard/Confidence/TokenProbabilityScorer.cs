using System.Globalization;

namespace Microscale.Guard;

/// <summary>Scores an answer by the probabilities that the model gave to its tokens.</summary>
internal sealed class TokenProbabilityScorer : IConfidenceScorer
{
    private readonly TokenAggregation _aggregation;
    private readonly TokenScope _scope;

    public TokenProbabilityScorer(TokenAggregation aggregation, TokenScope scope)
    {
        _aggregation = aggregation;
        _scope = scope;
        var by = aggregation switch
        {
            TokenAggregation.Mean => "mean",
            TokenAggregation.Minimum => "minimum",
            TokenAggregation.Product => "product",
            TokenAggregation.ArithmeticMean => "arithmetic_mean",
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Use a value of TokenAggregation."),
        };
        Name = $"token_probability.{by}.{TokenSelection.NameOf(scope)}";
    }

    public string Name { get; }

    public ScorerNeeds Needs => ScorerNeeds.LogProbabilities;

    /// <summary>The logarithm of a unit's probability, Σ ln pᵢ over its tokens.</summary>
    public static double LogProbability(IEnumerable<TokenLogProbability> tokens) =>
        tokens.Sum(t => Math.Min(0, t.LogProbability)); // A server may round above 0.

    /// <summary>The length-normalised probability of a whole text, exp(1/n Σ ln pᵢ).</summary>
    public static double NormalizedProbability(IReadOnlyList<TokenLogProbability> tokens, string text) =>
        Math.Exp(LogMean(TokenAlignment.Tokens(tokens, text, 0, text.Length).ConvertAll(t => Math.Min(0, t.LogProbability))));

    public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Score(context));

    private static double LogMean(List<double> logProbabilities) => logProbabilities.Sum() / logProbabilities.Count;

    private ConfidenceScore Score(ConfidenceContext context)
    {
        if (context.Tokens is not { } tokens)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoLogProbabilities);
        }

        var values = TokenSelection.Select(context, tokens, _scope).ConvertAll(LogProbability);
        return values.Count > 0
            ? new ConfidenceScore(Name, Aggregate(values)) { Explanation = Describe(values) }
            : ConfidenceScore.Unavailable(Name, Unavailability.NoText);
    }

    private double Aggregate(List<double> logProbabilities) => _aggregation switch
    {
        TokenAggregation.Mean => Math.Exp(LogMean(logProbabilities)),
        TokenAggregation.Minimum => Math.Exp(logProbabilities.Min()),
        TokenAggregation.Product => Math.Exp(logProbabilities.Sum()),
        _ => logProbabilities.Sum(Math.Exp) / logProbabilities.Count,
    };

    private string Describe(List<double> logProbabilities) => TokenSelection.Describe(logProbabilities.Count, _scope)
        + (_aggregation == TokenAggregation.Mean
            ? string.Create(CultureInfo.InvariantCulture, $" Perplexity {Math.Exp(-LogMean(logProbabilities)):0.##}.")
            : "");
}
