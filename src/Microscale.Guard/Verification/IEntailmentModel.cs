namespace Microscale.Guard;

/// <summary>Says whether a premise entails or contradicts a claim.</summary>
/// <remarks>Implementations must be safe for concurrent callers.</remarks>
public interface IEntailmentModel
{
    /// <summary>Names the model and what moves its scores, such as the checksum of its weights; equal only where scores are.</summary>
    /// <value>The default value is <see langword="null"/>: verdicts that rest on it are not shared through a cache.</value>
    string? Fingerprint => null;

    /// <summary>Classifies pairs of premise and claim.</summary>
    /// <param name="pairs">The pairs; the model batches them as suits it.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The scores of each pair, in the same order.</returns>
    ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default);
}

/// <summary>A premise, and a claim that may follow from it.</summary>
/// <param name="Premise">What is taken as true.</param>
/// <param name="Claim">What may or may not follow.</param>
public readonly record struct EntailmentPair(string Premise, string Claim);

/// <summary>The probabilities of the three relations between a premise and a claim; they sum to 1. Not calibrated.</summary>
/// <param name="Entailment">The claim follows.</param>
/// <param name="Neutral">The premise does not say.</param>
/// <param name="Contradiction">The claim is against the premise.</param>
public readonly record struct EntailmentScores(double Entailment, double Neutral, double Contradiction);
