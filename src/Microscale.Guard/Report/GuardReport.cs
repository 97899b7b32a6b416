using System.Globalization;

namespace Microscale.Guard;

/// <summary>The judgement on a response: each part of the chain adds what it knows.</summary>
/// <remarks>
/// Read it with <see cref="GuardReportExtensions.GetGuardReport(Microsoft.Extensions.AI.ChatResponse)"/>. In a stream each
/// report is complete so far; the last one is final. Immutable. It holds text of the answer and of evidence: treat it as
/// content, not as telemetry.
/// </remarks>
public sealed record GuardReport
{
    /// <summary>The report before any part of the chain has judged.</summary>
    internal static GuardReport Empty { get; } = new();

    /// <summary>What was done with the answer; null when no part of the chain decided (yet).</summary>
    public GuardDecision? Decision { get; init; }

    /// <summary>Why the answer, or the first draft of it, was withheld.</summary>
    public GuardReason Reason { get; init; }

    /// <summary>The reason in words; null when there is nothing to say.</summary>
    public string? Explanation { get; init; }

    /// <summary>How the answer was held to the form that was asked for; null when none was, or nobody held it to one.</summary>
    public AnswerForm? Form { get; init; }

    /// <summary>How sure the answer is; null when no part of the chain scored it.</summary>
    public ConfidenceScore? Confidence { get; init; }

    /// <summary>The claims of the answer with their verdicts; null when no part of the chain verified it, empty when it
    /// holds no claim.</summary>
    public IReadOnlyList<ClaimVerdict>? Verdicts { get; init; }

    /// <summary>The evidence that the answer could rest on.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>The drafts, in order; empty when no part of the chain decided.</summary>
    public IReadOnlyList<GuardAttempt> Attempts { get; init; } = [];

    /// <summary>What failed on the way.</summary>
    public IReadOnlyList<GuardFault> Faults { get; init; } = [];

    /// <summary>Where the time went.</summary>
    public GuardTimings Timings { get; init; } = GuardTimings.Zero;

    /// <summary>The draft that was withheld, only when the options ask for it.</summary>
    public string? WithheldDraft { get; init; }

    /// <summary>How many UTF-16 units of the answer's text, from its start, <see cref="Confidence"/> covers.</summary>
    public int ScoredLength { get; init; }

    /// <summary>How many UTF-16 units of the answer's text, from its start, <see cref="Verdicts"/> covers.</summary>
    public int VerifiedLength { get; init; }

    /// <summary>The tokens of samples and further calls made for the score; they are in the usage of the response too. Null for none.</summary>
    internal Microsoft.Extensions.AI.UsageDetails? SampleUsage { get; init; }

    /// <summary>A line without content, fit for a log.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Decision?.ToString() ?? "Undecided"} ({Reason}), confidence {Confidence?.Value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "none"}, {Verdicts?.Count ?? 0} claims, {Attempts.Count} attempts");
}
