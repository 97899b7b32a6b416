namespace Microscale.Guard;

/// <summary>Scores an answer by how far one sentence of the evidence holds the question and the answer; see
/// <see cref="Confidence.EvidenceFit"/>.</summary>
internal sealed class EvidenceFitScorer : IConfidenceScorer
{
    public string Name => "evidence_fit";

    public ScorerNeeds Needs => ScorerNeeds.None;

    public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) => new(Score(context));

    private ConfidenceScore Score(ConfidenceContext context)
    {
        var evidence = context.Messages.GetEvidence();
        if (evidence.Count == 0)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoEvidence);
        }

        var question = SearchTerms.Of(context.Question).ToHashSet(StringComparer.Ordinal);
        var answer = SearchTerms.Of(context.ScoredText).ToHashSet(StringComparer.Ordinal);
        answer.ExceptWith(question);
        if (question.Count == 0 || answer.Count == 0)
        {
            return new ConfidenceScore(Name, 0) { Explanation = "The answer adds nothing to the question." };
        }

        return new ConfidenceScore(Name, EvidenceSentence.All(evidence).Max(s => s.Share(question) * s.Share(answer)));
    }
}
