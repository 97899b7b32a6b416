using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What became of a guarded request.</summary>
/// <remarks>Immutable. The report holds the text of claims and evidence, whether or not content is wanted: an observer that may
/// not keep content must leave it out.</remarks>
/// <param name="Report">The final judgement.</param>
public sealed record GuardObservation(GuardReport Report)
{
    /// <summary>The model that answered; null when it does not say.</summary>
    public string? ModelId { get; init; }

    /// <summary>The id of the response; null when it has none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The trace that the request belongs to, as 32 hexadecimal digits; null when there is none.</summary>
    public string? TraceId { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The part of <see cref="GuardTimings.Total"/> that was neither the model's nor, in a stream, its reader's.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>The tokens of all drafts; null when the model does not say.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>The lowest <see cref="ConfidenceScore.Value"/> that the policy delivers; null when it has no such threshold.</summary>
    public double? Threshold { get; init; }

    /// <summary>What a calibration on this request would be for; null when nothing scored it.</summary>
    public CalibrationPipeline? Pipeline { get; init; }

    /// <summary>How the latest scores compare with the calibrated ones; null when nobody watches.</summary>
    public DriftStatus? Drift { get; init; }

    /// <summary>The words of the last user turn; null unless content is wanted.</summary>
    public string? Question { get; init; }

    /// <summary>The text that the caller got; null unless content is wanted, and in a stream that went around the guard.</summary>
    public string? Answer { get; init; }

    /// <summary>The text whose claims the report judges, where the caller got another one; null unless content is wanted.</summary>
    public string? Draft { get; init; }
}
