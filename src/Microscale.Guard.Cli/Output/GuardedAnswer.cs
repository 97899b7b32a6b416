using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Cli.Output;

/// <summary>What <c>ask --json</c> prints, and what the log of an evaluation holds.</summary>
/// <param name="Decision">What the guard did; null when no guard saw the answer.</param>
/// <param name="Reason">Why the answer, or the first draft of it, was withheld.</param>
/// <param name="Text">The answer, or what stands in its place.</param>
/// <param name="Draft">The draft that was withheld; null when none was.</param>
/// <param name="Confidence">From 0 to 1; null when it was not to be had.</param>
/// <param name="Verdicts">The claims with their verdicts; those of the withheld draft when the guard abstained.</param>
/// <param name="Citations">What the answer rests on.</param>
/// <param name="Attempts">The drafts, in order.</param>
/// <param name="Milliseconds">From the question to the answer; loading of models not counted.</param>
internal sealed record GuardedAnswer(
    GuardDecision? Decision,
    GuardReason Reason,
    string Text,
    string? Draft,
    double? Confidence,
    IReadOnlyList<AnswerVerdict> Verdicts,
    IReadOnlyList<AnswerCitation> Citations,
    IReadOnlyList<AnswerAttempt> Attempts,
    long Milliseconds)
{
    public static GuardedAnswer From(ChatResponse response, TimeSpan time)
    {
        var report = response.GetGuardReport() ?? new GuardReport();
        return new(
            report.Decision,
            report.Reason,
            response.Text.Trim(),
            report.WithheldDraft,
            report.Confidence?.Value,
            [.. (report.Verdicts ?? []).Select(AnswerVerdict.From)],
            [.. response.Messages.SelectMany(m => m.Contents).SelectMany(c => c.Annotations ?? []).OfType<CitationAnnotation>().Select(AnswerCitation.From).Distinct()],
            [.. report.Attempts.Select(a => new AnswerAttempt(a.Kind, a.Reason, a.ModelId, a.Confidence?.Value))],
            (long)time.TotalMilliseconds);
    }
}

/// <summary>A claim of the answer and what became of it.</summary>
internal sealed record AnswerVerdict(
    string Claim, Verdict Verdict, string? Verifier, double? Score, string? EvidenceId, string? Explanation)
{
    public static AnswerVerdict From(ClaimVerdict verdict) => new(
        verdict.Claim.Text,
        verdict.Verdict,
        verdict.Decisive?.Verifier,
        verdict.Decisive?.Score,
        verdict.Decisive?.EvidenceId,
        verdict.Decisive?.Explanation ?? (verdict.VerifierFailed ? "a verifier failed" : null));
}

/// <summary>A passage that the answer rests on.</summary>
internal sealed record AnswerCitation(string? EvidenceId, string? Source, string? Url, string? Snippet)
{
    public static AnswerCitation From(CitationAnnotation citation) =>
        new(citation.FileId, citation.Title, citation.Url?.ToString(), citation.Snippet);
}

/// <summary>A draft and why it was withheld.</summary>
internal sealed record AnswerAttempt(GuardAttemptKind Kind, GuardReason Reason, string? Model, double? Confidence);
