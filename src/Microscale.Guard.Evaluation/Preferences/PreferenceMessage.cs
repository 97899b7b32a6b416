namespace Microscale.Guard.Evaluation;

/// <summary>A message in the form in which trainers read them.</summary>
/// <param name="Role">Who says it: system, user or assistant.</param>
/// <param name="Content">What is said.</param>
public sealed record PreferenceMessage(string Role, string Content);
