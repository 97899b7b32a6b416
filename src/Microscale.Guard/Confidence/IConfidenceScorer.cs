namespace Microscale.Guard;

/// <summary>Says how sure an answer is.</summary>
/// <remarks>Implementations must be safe for concurrent callers.</remarks>
public interface IConfidenceScorer
{
    /// <summary>The scorer's name in reports and telemetry: lower case, of low cardinality.</summary>
    string Name { get; }

    /// <summary>What the scorer needs beyond the text of the answer. Where it is not there, <see cref="ScoreAsync"/> gives
    /// <see cref="ConfidenceScore.Unavailable"/> with the reason.</summary>
    ScorerNeeds Needs { get; }

    /// <summary>The most that one score costs, as far as the scorer knows. As many samples as it names are drawn while the
    /// answer is still being streamed.</summary>
    /// <value>By default nothing, and samples are drawn when the scorer asks for them.</value>
    ScorerCost Cost => default;

    /// <summary>Scores an answer, or, where <see cref="Needs"/> includes neither <see cref="ScorerNeeds.Samples"/> nor
    /// <see cref="ScorerNeeds.ModelCalls"/>, its beginning while it is still being streamed.</summary>
    /// <param name="context">The request, the answer, its log-probabilities, and ways to learn more from the model.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    /// <returns>A score; <see cref="ConfidenceScore.Unavailable"/> when what it needs is not there.</returns>
    ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default);
}
