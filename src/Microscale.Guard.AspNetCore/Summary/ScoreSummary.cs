namespace Microscale.Guard.AspNetCore;

/// <summary>What the scores of one scorer mean: how they are distributed, what labels say of them, and what each threshold would
/// have done.</summary>
internal sealed record ScoreSummary
{
    public required string Scorer { get; init; }

    /// <summary>The policy's latest threshold; null when it has none.</summary>
    public double? Threshold { get; init; }

    /// <summary>How many first drafts were looked at, the latest ones.</summary>
    public required long Requests { get; init; }

    /// <summary>Those of them that other parts of the policy withheld, whatever their score.</summary>
    public required long WithheldAnyway { get; init; }

    /// <summary>Twenty bins of equal width.</summary>
    public required IReadOnlyList<ConfidenceBin> Distribution { get; init; }

    /// <summary>For each threshold of 0, 0.01, …, 1.</summary>
    public required IReadOnlyList<ThresholdPoint> Thresholds { get; init; }

    /// <summary>How many labels the curves rest on.</summary>
    public required int Labels { get; init; }

    public required IReadOnlyList<RiskPoint> RiskCoverage { get; init; }

    /// <summary>The area under the risk–coverage curve; null without labels.</summary>
    public double? Aurc { get; init; }

    public required IReadOnlyList<ReliabilityPoint> Reliability { get; init; }

    /// <summary>The expected calibration error over ten bins of equal width; null without labels.</summary>
    public double? Ece { get; init; }
}

internal sealed record ConfidenceBin(double From, long Answered, long Withheld);

/// <summary>What a threshold would have done to the requests looked at.</summary>
// Answered: How many would have been answered with their first draft.
// NewlyAnswered: Those of them that were withheld for their score.
// NewlyWithheld: How many that were answered would not have been.
// Signals: How many of the answered carry a hallucination signal.
// Labels: How many of the answered are labelled.
// Wrong: How many of those are wrong.
// MeanConfidence: The mean confidence of the answered; null for none.
// Ece: The expected calibration error over the labelled among the answered; null for none.
internal sealed record ThresholdPoint(
    double Threshold, long Answered, long NewlyAnswered, long NewlyWithheld, long Signals, long Labels, long Wrong, double? MeanConfidence, double? Ece);

/// <summary>A point of the risk–coverage curve: the share of wrong answers among the share with the highest scores.</summary>
internal sealed record RiskPoint(double Coverage, double Risk, double Threshold);

/// <summary>A bin of the reliability diagram.</summary>
internal sealed record ReliabilityPoint(double From, double MeanConfidence, double Accuracy, long Count);
