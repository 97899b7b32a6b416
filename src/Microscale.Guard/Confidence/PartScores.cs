namespace Microscale.Guard;

/// <summary>Scores that others are made of.</summary>
internal static class PartScores
{
    /// <summary>What all parts need.</summary>
    public static ScorerNeeds NeedsOf(IEnumerable<IConfidenceScorer> scorers) =>
        scorers.Aggregate(ScorerNeeds.None, (needs, scorer) => needs | scorer.Needs);

    /// <summary>The scores of all parts, at the same time and with the same samples.</summary>
    /// <exception cref="InvalidOperationException">A part gave a value outside 0..1.</exception>
    public static Task<ConfidenceScore[]> ScoreAsync(
        IEnumerable<IConfidenceScorer> scorers, ConfidenceContext context, CancellationToken cancellationToken) =>
        Task.WhenAll(scorers.Select(s => ScoreAsync(s, context, cancellationToken)));

    /// <summary>The scores by one scorer for several contexts.</summary>
    /// <exception cref="InvalidOperationException">It gave a value outside 0..1.</exception>
    public static Task<ConfidenceScore[]> ScoreAsync(
        IConfidenceScorer scorer, IEnumerable<ConfidenceContext> contexts, CancellationToken cancellationToken) =>
        Task.WhenAll(contexts.Select(c => ScoreAsync(scorer, c, cancellationToken)));

    private static async Task<ConfidenceScore> ScoreAsync(
        IConfidenceScorer scorer, ConfidenceContext context, CancellationToken cancellationToken)
    {
        var score = await scorer.ScoreAsync(context, cancellationToken);
        return score is { Value: null or (>= 0 and <= 1) }
            ? score
            : throw new InvalidOperationException($"The scorer {scorer.Name} gave {score?.Value.ToString() ?? "null"}, which is not from 0 to 1.");
    }
}
