namespace Microscale.Guard.Evaluation;

/// <summary>A prompt with the better and the worse reply.</summary>
/// <remarks>As JSON (<see cref="PreferenceSet.WriteAsync"/>) it is the conversational form with an explicit prompt that trainers of
/// preferences read, such as those of TRL: <c>prompt</c>, <c>chosen</c> and <c>rejected</c>, each a list of messages.</remarks>
/// <param name="Prompt">The conversation up to the reply.</param>
/// <param name="Chosen">The better reply.</param>
/// <param name="Rejected">The worse reply.</param>
public sealed record PreferencePair(
    IReadOnlyList<PreferenceMessage> Prompt, IReadOnlyList<PreferenceMessage> Chosen, IReadOnlyList<PreferenceMessage> Rejected);
