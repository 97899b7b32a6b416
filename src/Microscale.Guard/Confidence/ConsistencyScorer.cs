using System.Globalization;

namespace Microscale.Guard;

/// <summary>Scores an answer by how far the model says the same when it is asked again.</summary>
internal sealed class ConsistencyScorer(int samples, IAnswerSimilarity similarity) : IConfidenceScorer
{
    public string Name { get; } = "consistency." + similarity.Name;

    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"{Name}/samples={samples}");

    public ScorerNeeds Needs => ScorerNeeds.Samples;

    public int SampleCount => samples;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(context.Text))
        {
            return ConfidenceScore.Unavailable(Name, "The answer has no text to compare.");
        }

        var drawn = await context.DrawSamplesAsync(samples, cancellationToken);

        // A sample without an answer (a tool call, silence) agrees with none.
        var pairs = drawn.Where(Conversation.IsAnswer).Select(s => new AnswerPair(context.Text, s.Text)).ToArray();
        if (pairs.Length == 0)
        {
            return new ConfidenceScore(Name, 0) { Explanation = "No sample was an answer." };
        }

        var similarities = await similarity.CompareAsync(context.Question, pairs, cancellationToken);
        if (similarities.Count != pairs.Length || similarities.Any(s => s is not (>= 0 and <= 1)))
        {
            throw new InvalidOperationException(
                $"The similarity {similarity.Name} must give a value from 0 to 1 for each of {pairs.Length} pairs.");
        }

        return new ConfidenceScore(Name, Math.Clamp(similarities.Sum() / samples, 0, 1))
        {
            Explanation = $"Mean agreement with {samples} samples.",
        };
    }
}
