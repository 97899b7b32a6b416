namespace Microscale.Guard;

/// <summary>Scores an answer by how far the model says the same when it is asked again.</summary>
internal sealed class ConsistencyScorer(int samples, IAnswerSimilarity similarity) : IConfidenceScorer
{
    public string Name { get; } = "consistency." + similarity.Name;

    public ScorerNeeds Needs => ScorerNeeds.Samples | similarity.Needs;

    public ScorerCost Cost => new() { Samples = samples, EntailmentPairs = similarity.EntailmentPairs(samples) };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(context.Text))
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoText);
        }

        var drawn = await context.DrawSamplesAsync(samples, cancellationToken);

        // A sample without an answer (a tool call, silence) agrees with none.
        var pairs = drawn.Where(Conversation.IsAnswer).Select(s => new AnswerPair(context.Text, s.Text)).ToArray();
        var similarities = await similarity.CompareCheckedAsync(context.Question, pairs, cancellationToken);
        return new ConfidenceScore(Name, Math.Clamp(similarities.Sum() / samples, 0, 1))
        {
            Explanation = pairs.Length == 0 ? "No sample was an answer." : $"Mean agreement with {samples} samples.",
        };
    }
}
