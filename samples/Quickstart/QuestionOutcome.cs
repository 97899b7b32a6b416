using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>What became of a question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Draft">What the bare model says.</param>
/// <param name="DraftTime">How long the bare model took.</param>
/// <param name="Answer">What the guarded model says.</param>
/// <param name="AnswerTime">How long the guarded model took.</param>
internal sealed record QuestionOutcome(Question Question, string Draft, TimeSpan DraftTime, ChatResponse Answer, TimeSpan AnswerTime)
{
    /// <summary>The guard's judgement; null when no guard saw the answer.</summary>
    public GuardReport? Report => Answer.GetGuardReport();

    /// <summary>What the answer points at, each sentence of a passage once, in the order of the answer.</summary>
    public IReadOnlyList<CitationAnnotation> Citations { get; } =
    [
        .. Answer.Messages
            .SelectMany(m => m.Contents)
            .SelectMany(c => c.Annotations ?? [])
            .OfType<CitationAnnotation>()
            .DistinctBy(c => (c.FileId, c.Title, c.Url, c.Snippet)),
    ];
}
