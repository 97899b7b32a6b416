namespace Microscale.Guard;

/// <summary>Says how sure an answer is.</summary>
/// <remarks>Implementations must be safe for concurrent callers.</remarks>
public interface IConfidenceScorer
{
    /// <summary>The scorer's name in reports and telemetry: lower case, of low cardinality.</summary>
    string Name { get; }

    /// <summary>What a calibration is bound to: the <see cref="Name"/>, and after a slash each setting that changes what a value
    /// means and is not in the name, such as <c>consistency.lexical/samples=5</c>.</summary>
    /// <value>The default value is <see cref="Name"/>.</value>
    string Fingerprint => Name;

    /// <summary>What the scorer needs beyond the text of the answer.</summary>
    ScorerNeeds Needs { get; }

    /// <summary>How many further answers the scorer draws for one score, as far as it knows: what it costs, and how many can
    /// be drawn while the answer is still being streamed. It may draw more or fewer.</summary>
    /// <value>The default value is 0: the samples are drawn when the scorer asks for them.</value>
    int SampleCount => 0;

    /// <summary>Scores an answer, or, where <see cref="Needs"/> does not include <see cref="ScorerNeeds.Samples"/>, its
    /// beginning while it is still being streamed.</summary>
    /// <param name="context">The request, the answer, its log-probabilities, and a way to draw more answers.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    /// <returns>A score; <see cref="ConfidenceScore.Unavailable"/> when what it needs is not there.</returns>
    ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default);
}

/// <summary>What a scorer needs beyond the text of an answer.</summary>
[Flags]
public enum ScorerNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The log-probabilities of the answer's tokens.</summary>
    LogProbabilities = 1,

    /// <summary>Further answers to the same question; the score of a stream is then known only at its end.</summary>
    Samples = 2,
}
