namespace Microscale.Guard.Evaluation;

/// <summary>A claim, and the passage that it is checked against.</summary>
/// <param name="Id">The row's own id; null when it has none.</param>
/// <param name="Premise">The passage.</param>
/// <param name="Claim">The claim.</param>
/// <param name="IsSupported">Whether the passage supports all of the claim.</param>
public sealed record GroundednessRow(string? Id, string Premise, string Claim, bool IsSupported);
