using System.Text.Json.Serialization;

namespace Microscale.Guard.AspNetCore;

/// <summary>What the page shows of one decision. Texts are null unless content is captured.</summary>
internal sealed record DecisionDetail
{
    public string? Question { get; init; }

    public string? Answer { get; init; }

    /// <summary>The withheld text whose claims are listed; null when that is the answer.</summary>
    public string? Draft { get; init; }

    public string? Explanation { get; init; }

    public string? ResponseId { get; init; }

    public ConfidenceDetail? Confidence { get; init; }

    public IReadOnlyList<ClaimDetail> Claims { get; init; } = [];

    public IReadOnlyList<EvidenceDetail> Evidence { get; init; } = [];

    public IReadOnlyList<AttemptDetail> Attempts { get; init; } = [];

    public IReadOnlyList<FaultDetail> Faults { get; init; } = [];

    public required TimingDetail Timings { get; init; }
}

internal sealed record ConfidenceDetail(string Scorer, double? Value, double? Raw, bool Calibrated, IReadOnlyList<ConfidenceDetail> Parts);

// Start: Where the claim begins in the judged text, in UTF-16 units.
internal sealed record ClaimDetail(int Start, int Length, string Verdict, string? Text, bool VerifierFailed, IReadOnlyList<FindingDetail> Findings);

// Evidence: The place of the passage among the evidence, from 1; null for none.
internal sealed record FindingDetail(string Verifier, string Verdict, double? Score, int? Evidence, string? Explanation);

internal sealed record EvidenceDetail(string Provenance, double? Score, string? Id, string? Source, string? Url, string? Text);

internal sealed record AttemptDetail(
    string Kind, string Reason, string? Model, double? Confidence, int Claims, int SupportedClaims, long? Tokens, double Ms);

internal sealed record FaultDetail(string Stage, string Component, string ErrorType, string? Message);

/// <summary>Milliseconds.</summary>
internal sealed record TimingDetail(double Total, double Overhead, double Retrieval, double Generation, double Scoring, double Verification);

/// <summary>Source-generated serialization of what the history keeps.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecisionDetail))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
