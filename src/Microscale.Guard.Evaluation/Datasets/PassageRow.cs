namespace Microscale.Guard.Evaluation;

/// <summary>A question that is to be answered from a passage.</summary>
/// <param name="Id">The row's own id; null when it has none.</param>
/// <param name="Question">The question.</param>
/// <param name="Title">The title of the passage; null when it has none.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Answers">The spellings of the right answer; empty when there is none, or none is known.</param>
/// <param name="IsAnswerable">Whether the passage holds the answer. Where it does not, the right thing is to abstain.</param>
public sealed record PassageRow(string? Id, string Question, string? Title, string Passage, IReadOnlyList<string> Answers, bool IsAnswerable);
