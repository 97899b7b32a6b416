namespace Microscale.Guard;

/// <summary>Scores an answer by how similar it and its samples all are to each other; see <see cref="Confidence.DegreeMatrix"/>.</summary>
internal sealed class DegreeMatrixScorer(int samples, IAnswerSimilarity similarity) : IConfidenceScorer
{
    public string Name { get; } = "degree_matrix." + similarity.Name;

    public ScorerNeeds Needs => ScorerNeeds.Samples | similarity.Needs;

    public ScorerCost Cost => new() { Samples = samples, EntailmentPairs = similarity.EntailmentPairs(AnswerGraph.Pairs(samples + 1)) };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(context.Text))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        var matrix = await AnswerGraph.BuildAsync(context, samples, similarity, cancellationToken);
        var m = samples + 1;
        return new ConfidenceScore(Name, Math.Clamp((matrix.Sum(r => r.Sum()) - m) / (m * (m - 1)), 0, 1))
        {
            Explanation = $"Mean similarity of {m} answers to each other.",
        };
    }
}
