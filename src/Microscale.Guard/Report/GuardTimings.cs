namespace Microscale.Guard;

/// <summary>Where the time of a guarded request went.</summary>
/// <remarks>In a stream verification runs while the model generates, so the parts may sum to more than the total.</remarks>
public sealed record GuardTimings
{
    internal static GuardTimings Zero { get; } = new();

    /// <summary>Finding evidence.</summary>
    public TimeSpan Retrieval { get; init; }

    /// <summary>The model's own time over all attempts, drawn samples excluded.</summary>
    public TimeSpan Generation { get; init; }

    /// <summary>Scoring, with the samples drawn for it.</summary>
    public TimeSpan Scoring { get; init; }

    /// <summary>Verifying claims.</summary>
    public TimeSpan Verification { get; init; }

    /// <summary>From the request to the decision, as seen by the outermost part of the guard.</summary>
    public TimeSpan Total { get; init; }

    internal GuardTimings Plus(GuardTimings other) => new()
    {
        Retrieval = Retrieval + other.Retrieval,
        Generation = Generation + other.Generation,
        Scoring = Scoring + other.Scoring,
        Verification = Verification + other.Verification,
        Total = Total + other.Total,
    };
}
