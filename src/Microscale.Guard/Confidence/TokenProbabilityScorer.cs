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
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Use a value of TokenAggregation."),
        };
        var of = scope switch
        {
            TokenScope.NewWords => "new_words",
            TokenScope.ContentWords => "content_words",
            TokenScope.All => "all",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Use a value of TokenScope."),
        };
        Name = $"token_probability.{by}.{of}";
    }

    public string Name { get; }

    public ScorerNeeds Needs => ScorerNeeds.LogProbabilities;

    public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Score(context));

    private static double Aggregate(List<double> logProbabilities, TokenAggregation aggregation) => Math.Exp(aggregation switch
    {
        TokenAggregation.Mean => logProbabilities.Sum() / logProbabilities.Count,
        TokenAggregation.Minimum => logProbabilities.Min(),
        _ => logProbabilities.Sum(),
    });

    private ConfidenceScore Score(ConfidenceContext context)
    {
        if (context.Tokens is not { } tokens)
        {
            return ConfidenceScore.Unavailable(
                Name,
                "The answer has no log-probabilities, or they do not spell its text. Use a model client that gives them, inside of any cache and of anything that changes the text, or a scorer that needs none, such as Confidence.Consistency.");
        }

        var values = Select(context, tokens);
        return values.Count > 0
            ? new ConfidenceScore(Name, Aggregate(values, _aggregation)) { Explanation = $"Of {values.Count} {(_scope == TokenScope.All ? "tokens" : "words")}." }
            : ConfidenceScore.Unavailable(Name, "The answer has no text to score.");
    }

    private List<double> Select(ConfidenceContext context, IReadOnlyList<TokenLogProbability> tokens)
    {
        if (_scope != TokenScope.All)
        {
            var words = AnswerWord.Find(context.Text).FindAll(w => w.Kind != AnswerWordKind.Function);
            if (_scope == TokenScope.NewWords)
            {
                var known = AnswerWord.Find(context.Question).Select(w => w.Form).ToHashSet(StringComparer.Ordinal);
                var fresh = words.FindAll(w => known.Add(w.Form));
                words = fresh.Count > 0 ? fresh : words;
            }

            if (words.Count > 0)
            {
                return TokenAlignment.Words(tokens, context.Text, words);
            }
        }

        return TokenAlignment.Tokens(tokens, context.Text);
    }
}
