namespace Microscale.Guard.AspNetCore;

/// <summary>A decision as the history keeps it. Words are those of the telemetry: enum values in snake case.</summary>
internal sealed record DecisionRecord
{
    /// <summary>A version 7 UUID as 32 hexadecimal digits: ids sort by time.</summary>
    public required string Id { get; init; }

    /// <summary>When it was decided, in milliseconds since 1970.</summary>
    public required long At { get; init; }

    public required string Decision { get; init; }

    public required string Reason { get; init; }

    public string? Model { get; init; }

    public string? Scorer { get; init; }

    /// <summary>The confidence of the answer.</summary>
    public double? Confidence { get; init; }

    /// <summary>The confidence of the first draft: what a threshold decides on.</summary>
    public double? Score { get; init; }

    /// <summary>The first draft's raw score: what a calibration learns from.</summary>
    public double? RawScore { get; init; }

    /// <summary>Hundredths of <see cref="Score"/>, rounded down.</summary>
    public int? ScoreBin { get; init; }

    /// <summary>Whether the first draft depends on nothing but its score: no other part of the policy withheld it.</summary>
    public bool ScoreDecides { get; init; }

    /// <summary>The policy's threshold for <see cref="Score"/>.</summary>
    public double? Threshold { get; init; }

    public bool Streaming { get; init; }

    public int Attempts { get; init; }

    public int Supported { get; init; }

    public int Contradicted { get; init; }

    public int Unverifiable { get; init; }

    public int Evidence { get; init; }

    public int Faults { get; init; }

    public double TotalMs { get; init; }

    public double ModelMs { get; init; }

    public double OverheadMs { get; init; }

    /// <summary>The bin of <see cref="OverheadMs"/> in <see cref="DurationBins"/>.</summary>
    public int OverheadBin { get; init; }

    public long? Tokens { get; init; }

    public double? Drift { get; init; }

    public string? TraceId { get; init; }

    /// <summary>The fingerprints that a calibration is bound to.</summary>
    public string? ScorerFingerprint { get; init; }

    public string? PromptFingerprint { get; init; }

    /// <summary>The beginning of the question; null unless content is captured.</summary>
    public string? Question { get; init; }

    /// <summary>Everything else, as JSON of <see cref="DecisionDetail"/>.</summary>
    public required string Detail { get; init; }

    public IReadOnlyList<ClaimRecord> Claims { get; init; } = [];
}

/// <summary>A claim as it is counted.</summary>
/// <param name="Verdict">The verdict of all verifiers.</param>
/// <param name="Verifier">The verifier that decided; <c>none</c> where none had an opinion.</param>
/// <param name="Text">What was claimed; null unless content is captured.</param>
internal sealed record ClaimRecord(string Verdict, string Verifier, string? Text);
