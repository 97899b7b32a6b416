namespace Microscale.Guard;

/// <summary>Decides whether an answer is delivered.</summary>
/// <remarks>Implementations must be pure functions of what they are given, and safe for concurrent callers.</remarks>
public interface IAbstentionPolicy
{
    /// <summary>The parts of the report that must cover a text before the policy can decide on it. A text that they never
    /// come to cover is withheld.</summary>
    GuardParts Needs { get; }

    /// <summary>Decides on an answer, or, in a stream, on its beginning as far as the needed parts cover it.</summary>
    /// <param name="context">The judgement so far, and what it is about.</param>
    /// <returns><see cref="PolicyDecision.Deliver"/>, or why the answer is withheld. What it says of a beginning can only be
    /// taken back by withholding the rest.</returns>
    PolicyDecision Decide(PolicyContext context);
}

/// <summary>The parts of a <see cref="GuardReport"/> that judge a text.</summary>
[Flags]
public enum GuardParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="GuardReport.Confidence"/>.</summary>
    Confidence = 1,

    /// <summary><see cref="GuardReport.Verdicts"/>.</summary>
    Verdicts = 2,

    /// <summary>The answer's end: a stream releases nothing before the policy has decided on the whole answer. It is asked on
    /// beginnings too, and may withhold early.</summary>
    WholeAnswer = 4,
}

/// <summary>What a policy says of an answer.</summary>
/// <param name="Reason">Why it is withheld; <see cref="GuardReason.None"/> delivers it.</param>
/// <param name="Explanation">The reason in words; null when the reason says it all.</param>
public readonly record struct PolicyDecision(GuardReason Reason, string? Explanation = null)
{
    /// <summary>The answer is delivered.</summary>
    public static PolicyDecision Deliver => default;

    /// <summary>The lowest score that would have been delivered; null when no threshold decided.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether the answer is withheld.</summary>
    public bool IsWithheld => Reason != GuardReason.None;
}
