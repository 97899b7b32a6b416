namespace Microscale.Guard.AspNetCore;

/// <summary>What the page shows of a span of time.</summary>
internal sealed record DashboardSummary
{
    /// <summary>The span, in milliseconds since 1970, and the length of a step of its series.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    public required long Step { get; init; }

    public required SummaryTotals Totals { get; init; }

    public required IReadOnlyList<ReasonCount> Reasons { get; init; }

    public required IReadOnlyList<SeriesPoint> Series { get; init; }

    public required IReadOnlyList<VerifierCounts> Verifiers { get; init; }

    public required Percentiles Overhead { get; init; }

    /// <summary>The scorers of the span, most used first.</summary>
    public required IReadOnlyList<string> Scorers { get; init; }

    /// <summary>What scores mean; null where nothing was scored.</summary>
    public ScoreSummary? Scores { get; init; }

    public required IReadOnlyList<UnsupportedClaim> UnsupportedClaims { get; init; }

    /// <summary>Questions for which no document was found.</summary>
    public required IReadOnlyList<QuestionGap> Gaps { get; init; }

    public required HistoryStatus History { get; init; }
}

// Signals: Requests with a hallucination signal: a claim of the judged answer that the evidence contradicts or does
// not support, or a first draft withheld for one.
internal sealed record SummaryTotals(
    long Requests, long Delivered, long Repaired, long Escalated, long Abstained, long Bypassed, long Signals, long Labels);

internal sealed record ReasonCount(string Reason, string Decision, long Count);

// At: When the step begins, in milliseconds since 1970.
// Drift: The mean population stability index; null where none was known.
internal sealed record SeriesPoint(long At, long Requests, long Abstained, long Signals, double? Drift, Percentiles Overhead);

/// <summary>Milliseconds; null where there is nothing.</summary>
internal sealed record Percentiles(double? P50, double? P95, double? P99);

internal sealed record VerifierCounts(string Verifier, long Supported, long Contradicted, long Unverifiable);

// Questions: Questions whose answers claimed it.
// Sources: The documents that were looked at for the latest of them, none of which supports it.
internal sealed record UnsupportedClaim(
    string Text, string Verdict, long Count, string DecisionId, IReadOnlyList<string> Questions, IReadOnlyList<string> Sources);

internal sealed record QuestionGap(string Question, long Count, string DecisionId);

internal sealed record HistoryStatus(string Database, bool CapturesContent, long Dropped, string? Failure);
