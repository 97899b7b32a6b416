namespace Microscale.Guard;

/// <summary>How sure an answer is, by one scorer.</summary>
/// <remarks>A raw value is comparable only with values of the same scorer; a threshold on it is not an error rate.
/// Immutable.</remarks>
/// <param name="Scorer">The scorer's name.</param>
/// <param name="Value">From 0 (unsure) to 1 (sure). Null when the scorer could not be had; then <see cref="Explanation"/>
/// says why.</param>
public sealed record ConfidenceScore(string Scorer, double? Value)
{
    /// <summary>Whether <see cref="Value"/> is a calibrated probability of being right (true) or a raw score (false).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IsCalibrated { get; init; }

    /// <summary>The raw score that <see cref="Value"/> was calibrated from; null where <see cref="Value"/> is as the scorer
    /// gave it.</summary>
    public double? RawValue { get; init; }

    /// <summary>Why there is no value, or what it is made of. Null when there is nothing to say.</summary>
    public string? Explanation { get; init; }

    /// <summary>The scores that this one combines; empty for a single scorer.</summary>
    public IReadOnlyList<ConfidenceScore> Parts { get; init; } = [];

    /// <summary>A score that could not be had.</summary>
    /// <param name="scorer">The scorer's name.</param>
    /// <param name="explanation">What is missing, and what would help.</param>
    public static ConfidenceScore Unavailable(string scorer, string explanation) => new(scorer, null) { Explanation = explanation };
}
