namespace Microscale.Guard;

/// <summary>The labelled answers that a calibration was fitted on, so that no test is made on them.</summary>
/// <param name="Name">The name of the data set.</param>
/// <param name="Hash">A hash of it, such as the SHA-256 of its file; null when unknown.</param>
/// <param name="Split">Which part of it was fitted on, so that another can find the rest.</param>
/// <param name="TestCount">How many answers the rest has.</param>
public sealed record CalibrationData(string Name, string? Hash, string Split, int TestCount);
