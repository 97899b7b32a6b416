namespace Microscale.Guard.Evaluation;

/// <summary>A question for a model's own knowledge.</summary>
/// <param name="Id">The row's own id; null when it has none.</param>
/// <param name="Question">The question.</param>
/// <param name="Answers">The spellings of the right answer; empty when there is none, or none is known.</param>
/// <param name="IsAnswerable">Whether there is a right answer. Where there is not, the right thing is to abstain.</param>
/// <param name="Kind">The kind of question, such as <c>factoid</c> or <c>false_premise</c>; null when it has none.</param>
public sealed record QuestionRow(string? Id, string Question, IReadOnlyList<string> Answers, bool IsAnswerable, string? Kind);
