namespace Microscale.Guard;

/// <summary>How the latest scores compare with those of the calibration.</summary>
/// <param name="Scorer">The scorer.</param>
/// <param name="Count">How many scores were compared.</param>
/// <param name="StabilityIndex">The population stability index, 0 or above; null while there are too few scores.</param>
/// <param name="IsDrifted">Whether the distribution was last seen to have left the calibrated one.</param>
/// <param name="Since">Since when that is so.</param>
public sealed record DriftStatus(string Scorer, int Count, double? StabilityIndex, bool IsDrifted, DateTimeOffset Since);
