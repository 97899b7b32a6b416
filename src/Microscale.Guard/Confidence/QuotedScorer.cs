using System.Globalization;

namespace Microscale.Guard;

/// <summary>Scores only answers in the words of the evidence; see <see cref="Confidence.Quoted"/>.</summary>
internal sealed class QuotedScorer(IConfidenceScorer scorer, double minimumShare) : IConfidenceScorer
{
    public string Name => "quoted";

    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"{Name}/share={minimumShare}/{scorer.Fingerprint}");

    public ScorerNeeds Needs => scorer.Needs;

    public ScorerCost Cost => scorer.Cost;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var evidence = context.Messages.GetEvidence();
        if (evidence.Count == 0)
        {
            return ConfidenceScore.Unavailable(Name, Unavailability.NoEvidence);
        }

        var answer = SearchTerms.Of(context.ScoredText).ToHashSet(StringComparer.Ordinal);
        if (answer.Count == 0 || !EvidenceSentence.All(evidence).Any(s => s.Share(answer) >= minimumShare))
        {
            return new ConfidenceScore(Name, 0) { Explanation = "The answer is not in the words of one sentence of the evidence." };
        }

        var score = await scorer.ScoreAsync(context, cancellationToken);
        return score.Value is { } value
            ? new ConfidenceScore(Name, value) { Parts = [score] }
            : ConfidenceScore.Unavailable(Name, $"{score.Scorer}: {score.Explanation}") with { Parts = [score] };
    }
}
