namespace Microscale.Guard.Evaluation;

/// <summary>What one threshold would let through.</summary>
/// <param name="Threshold">The lowest score that is answered.</param>
/// <param name="Answered">How many answers reach it.</param>
/// <param name="Wrong">How many of them are wrong.</param>
/// <param name="Coverage">The share of all answers that reach it, above 0 and at most 1.</param>
/// <param name="Risk">The selective risk: the share of wrong ones among those that reach it, from 0 to 1.</param>
public readonly record struct RiskCoveragePoint(double Threshold, int Answered, int Wrong, double Coverage, double Risk);
