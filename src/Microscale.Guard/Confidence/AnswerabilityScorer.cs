namespace Microscale.Guard;

/// <summary>Scores an answer by whether it answers the question, whatever it says; see <see cref="Confidence.Answerability"/>.</summary>
internal sealed class AnswerabilityScorer(IEntailmentModel model) : IConfidenceScorer
{
    public string Name => "answerability";

    public string Fingerprint => model.Fingerprint is { } known ? $"{Name}/{known}" : Name;

    public ScorerNeeds Needs => ScorerNeeds.EntailmentModel;

    public ScorerCost Cost => new() { EntailmentPairs = 1 };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (Unavailability.OfQuestion(context) is { } obstacle)
        {
            return ConfidenceScore.Unavailable(Name, obstacle);
        }

        var scores = await model.ClassifyAsync([new EntailmentPair(context.ScoredText, Hypothesis(context.Question))], cancellationToken);
        return scores.Count == 1
            ? new ConfidenceScore(Name, Math.Clamp(scores[0].Entailment, 0, 1))
            : throw new InvalidOperationException($"The entailment model gave {scores.Count} scores for one pair.");
    }

    // The wording was chosen among five: docs/confidence.md has the figures.
    private static string Hypothesis(string question) => $"This text contains the answer to the question: {question.Trim()}";
}
