namespace Microscale.Guard;

/// <summary>Scores an answer by the claim that another scorer finds least sure; see <see cref="Confidence.LeastSureClaim"/>.</summary>
internal sealed class LeastSureClaimScorer(IConfidenceScorer scorer) : IConfidenceScorer
{
    public string Name { get; } = "least_sure_claim." + scorer.Name;

    public ScorerNeeds Needs => scorer.Needs;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var claims = ClaimSplitter.Split(context.Text, context.Question);
        if (claims.Count == 0)
        {
            return (await scorer.ScoreAsync(context, cancellationToken)) with { Scorer = Name };
        }

        var scores = await PartScores.ScoreAsync(scorer, claims.Select(context.For), cancellationToken);
        return Array.Find(scores, s => s.Value is null) is { } missing
            ? ConfidenceScore.Unavailable(Name, missing.Explanation!) with { Parts = scores }
            : new ConfidenceScore(Name, scores.Min(s => s.Value)) { Explanation = $"Of {scores.Length} claims.", Parts = scores };
    }
}
