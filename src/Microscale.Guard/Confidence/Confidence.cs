namespace Microscale.Guard;

/// <summary>The scorers of this library. All are raw: a value is no probability of being right, and a threshold fits only the
/// scorer and model that it was found with.</summary>
/// <remarks>All are safe for concurrent use. Each says what it needs (<see cref="IConfidenceScorer.Needs"/>) and what it costs at
/// most (<see cref="IConfidenceScorer.Cost"/>); where what it needs is not there, its score is not available and says
/// why.</remarks>
public static partial class Confidence
{
    private const int MaxSamples = 100;

    private static void CheckSamples(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, MaxSamples);
    }
}
