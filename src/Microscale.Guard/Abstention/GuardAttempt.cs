using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>One draft of an answer and what became of it.</summary>
/// <param name="Kind">How the draft came about.</param>
/// <param name="Reason">Why it was withheld; <see cref="GuardReason.None"/> for the draft that was delivered.</param>
public sealed record GuardAttempt(GuardAttemptKind Kind, GuardReason Reason)
{
    /// <summary>The model that wrote it; null when it does not say.</summary>
    public string? ModelId { get; init; }

    /// <summary>Its confidence; null when it was not scored.</summary>
    public ConfidenceScore? Confidence { get; init; }

    /// <summary>How many of its claims were supported, and how many there were.</summary>
    public int SupportedClaims { get; init; }

    /// <summary>How many claims it made.</summary>
    public int Claims { get; init; }

    /// <summary>The tokens it cost; null when the model does not say.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>How long it took, its judgement included.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>How a draft came about.</summary>
public enum GuardAttemptKind
{
    /// <summary>The model's first answer.</summary>
    Draft,

    /// <summary>One of several answers that the same model drew at once.</summary>
    Candidate,

    /// <summary>The model's answer after feedback.</summary>
    Repair,

    /// <summary>Another model's answer.</summary>
    Escalation,

    /// <summary>What is left of a draft without the sentences that were not supported.</summary>
    Removal,
}
