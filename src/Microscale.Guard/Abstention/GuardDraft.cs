using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>One draft of an answer with its judgement and the policy's decision on it.</summary>
internal sealed record GuardDraft(
    GuardAttemptKind Kind, ChatResponse Response, GuardReport Report, PolicyDecision Decision, TimeSpan Duration)
{
    /// <summary>Whether the response is an answer at all, and not a tool call or a background response that still runs. A later
    /// draft that also asks for tools is none.</summary>
    public bool IsAnswer => CanAnswer(Kind, Response, HasToolCalls);

    /// <summary><see cref="IsAnswer"/> of a draft that is still to be decided on.</summary>
    public static bool CanAnswer(GuardAttemptKind kind, ChatResponse response, bool hasToolCalls) =>
        Conversation.IsAnswer(response) && (kind == GuardAttemptKind.Draft || !hasToolCalls);

    /// <summary>Whether the response asks for tools: its text then is no answer, and its calls must not be lost.</summary>
    public required bool HasToolCalls { get; init; }

    /// <summary>How much of its text was delivered already, in UTF-16 units (in a stream).</summary>
    public int Released { get; init; }

    /// <summary>Whether the draft may go out. A later draft that claims nothing ("I don't know") mends nothing.</summary>
    public bool IsDelivered => !Decision.IsWithheld && IsAnswer && (Kind == GuardAttemptKind.Draft || Report.Verdicts is not { Count: 0 });

    /// <summary>The decision that stands in the report when the draft goes out.</summary>
    public GuardDecision DecisionWhenDelivered => Kind switch
    {
        GuardAttemptKind.Candidate or GuardAttemptKind.Repair or GuardAttemptKind.Removal => GuardDecision.Repaired,
        GuardAttemptKind.Escalation => GuardDecision.Escalated,
        _ => GuardDecision.Delivered,
    };

    private int Claims => Report.Verdicts?.Count ?? 0;

    private int SupportedClaims
    {
        get
        {
            var count = 0;
            for (var i = 0; i < Claims; i++)
            {
                count += Report.Verdicts![i].Verdict == Verdict.Supported ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Whether the verifiers, and where they see no difference the scorer, hold this draft for the better one: first
    /// what is delivered, then what nothing contradicts, then by the share of supported claims, then by confidence.</summary>
    public bool IsBetterThan(GuardDraft other) => Rank().CompareTo(other.Rank()) > 0;

    public GuardAttempt ToAttempt() => new(Kind, Decision.Reason)
    {
        ModelId = Response.ModelId,
        Confidence = Report.Confidence,
        Claims = Claims,
        SupportedClaims = SupportedClaims,
        Usage = Response.Usage,
        Duration = Duration,
    };

    private (bool, bool, bool, double, double) Rank() => (
        IsAnswer,
        IsDelivered,
        Report.Verdicts?.Any(v => v.Verdict == Verdict.Contradicted) is not true,
        Claims == 0 ? 0 : (double)SupportedClaims / Claims,
        Report.Confidence?.Value ?? 0);
}
