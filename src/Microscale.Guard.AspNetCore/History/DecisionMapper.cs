using System.Text;
using System.Text.Json;

namespace Microscale.Guard.AspNetCore;

/// <summary>Turns what an observer saw into what is kept. Without content no text of the conversation, of claims or of evidence
/// gets through, nor what could quote it.</summary>
internal sealed class DecisionMapper(bool captureContent, int maxTextLength)
{
    private const int QuestionLength = 300;
    private const int ClaimLength = 500;

    public DecisionRecord Map(GuardObservation observation, DateTimeOffset at)
    {
        var report = observation.Report;
        var first = report.Attempts is [var draft, ..] ? draft : null;
        var score = first?.Confidence ?? report.Confidence;
        var verdicts = report.Verdicts ?? [];
        var overhead = observation.Overhead.TotalMilliseconds;
        return new()
        {
            Id = Guid.CreateVersion7(at).ToString("N"),
            At = at.ToUnixTimeMilliseconds(),
            Decision = Word(report.Decision ?? GuardDecision.Delivered),
            Reason = Word(report.Reason),
            Model = Cut(Clean(observation.ModelId), QuestionLength),
            Scorer = score?.Scorer,
            Confidence = report.Confidence?.Value,
            Score = score?.Value,
            RawScore = score?.RawValue ?? score?.Value,
            ScoreBin = ScoreBin(score?.Value),
            ScoreDecides = score?.Value is not null && first?.Reason is GuardReason.None or GuardReason.LowConfidence,
            Threshold = observation.Threshold,
            Streaming = observation.IsStreaming,
            Attempts = report.Attempts.Count,
            Supported = verdicts.Count(v => v.Verdict == Verdict.Supported),
            Contradicted = verdicts.Count(v => v.Verdict == Verdict.Contradicted),
            Unverifiable = verdicts.Count(v => v.Verdict == Verdict.Unverifiable),
            Evidence = report.Evidence.Count,
            Faults = report.Faults.Count,
            TotalMs = report.Timings.Total.TotalMilliseconds,
            ModelMs = report.Timings.Generation.TotalMilliseconds,
            OverheadMs = overhead,
            OverheadBin = DurationBins.IndexOf(overhead),
            Tokens = observation.Usage?.TotalTokenCount ?? observation.Usage?.OutputTokenCount,
            Drift = observation.Drift?.StabilityIndex,
            TraceId = observation.TraceId,
            ScorerFingerprint = observation.Pipeline?.Scorer,
            PromptFingerprint = observation.Pipeline?.Prompt,
            Question = Content(observation.Question, QuestionLength),
            Detail = JsonSerializer.Serialize(Detail(observation), HistoryJsonContext.Default.DecisionDetail),
            Claims = [.. verdicts.Select(v => new ClaimRecord(Word(v.Verdict), v.Decisive?.Verifier ?? "none", Content(v.Claim.Text, ClaimLength)))],
        };
    }

    /// <summary>The largest whole number of hundredths that a score reaches.</summary>
    internal static int? ScoreBin(double? score)
    {
        if (score is not (>= 0 and <= 1))
        {
            return null;
        }

        // 0.29 * 100 is below 29.
        var bin = (int)(score.Value * 100);
        return bin < 100 && (bin + 1) / 100.0 <= score ? bin + 1 : bin;
    }

    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private DecisionDetail Detail(GuardObservation observation)
    {
        var report = observation.Report;
        var timings = report.Timings;
        var ids = report.Evidence.Select((e, i) => (e.Id, Place: i + 1)).ToLookup(e => e.Id, e => e.Place);
        return new()
        {
            Question = Content(observation.Question),
            Answer = Content(observation.Answer),
            Draft = Content(observation.Draft),
            Explanation = Content(report.Explanation),
            ResponseId = observation.ResponseId,
            Confidence = report.Confidence is { } confidence ? Confidence(confidence) : null,
            Claims = [.. (report.Verdicts ?? []).Select(v => new ClaimDetail(
                v.Claim.Start, v.Claim.Length, Word(v.Verdict), Content(v.Claim.Text), v.VerifierFailed, [.. v.Findings.Select(Finding)]))],
            Evidence = [.. report.Evidence.Select(e => new EvidenceDetail(
                Word(e.Provenance), e.Score, Content(e.Id), Content(e.Source), Content(e.Url?.ToString()), Content(e.Text)))],
            Attempts = [.. report.Attempts.Select(a => new AttemptDetail(
                Word(a.Kind), Word(a.Reason), a.ModelId, a.Confidence?.Value, a.Claims, a.SupportedClaims,
                a.Usage?.TotalTokenCount ?? a.Usage?.OutputTokenCount, a.Duration.TotalMilliseconds))],
            Faults = [.. report.Faults.Select(f => new FaultDetail(Word(f.Stage), f.Component, f.ErrorType, Content(f.Message)))],
            Timings = new(
                timings.Total.TotalMilliseconds, observation.Overhead.TotalMilliseconds, timings.Retrieval.TotalMilliseconds,
                timings.Generation.TotalMilliseconds, timings.Scoring.TotalMilliseconds, timings.Verification.TotalMilliseconds),
        };

        FindingDetail Finding(VerifierFinding finding) => new(
            finding.Verifier,
            Word(finding.Verdict),
            finding.Score,
            finding.EvidenceId is { } id ? ids[id].Select(p => (int?)p).FirstOrDefault() : null,
            Content(finding.Explanation));
    }

    private static ConfidenceDetail Confidence(ConfidenceScore score) =>
        new(score.Scorer, score.Value, score.RawValue, score.IsCalibrated, [.. score.Parts.Select(Confidence)]);

    private string? Content(string? text, int length = int.MaxValue) => captureContent ? Cut(Clean(text), Math.Min(length, maxTextLength)) : null;

    /// <summary>Text as a database takes it: no zero, and no half of a pair of surrogates. Of the same length.</summary>
    private static string? Clean(string? text) =>
        text is null || (!text.Contains('\0', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static string? Cut(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
