namespace Microscale.Guard;

/// <summary>The scores of one answer, and whether it was right: what ensembles are fitted with.</summary>
/// <param name="Scores">The scores by each scorer, in an order that all examples share, from 0 to 1.</param>
/// <param name="IsRight">Whether the answer was right.</param>
public sealed record EnsembleExample(IReadOnlyList<double> Scores, bool IsRight);
