using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.WebChat;

/// <summary>Turns a guard's report into what the page shows.</summary>
internal static class Judgement
{
    public static AnswerJudged SoFar(GuardReport report) => new(Claims(report));

    public static AnswerEnded Final(ChatResponse response, TimeSpan elapsed)
    {
        var report = response.GetGuardReport()
            ?? throw new InvalidOperationException("The chat client has no guard: add UseHallucinationGuard to its registration.");
        var abstained = report.Decision == GuardDecision.Abstained;
        var cited = response.Messages.SelectMany(m => m.Contents).SelectMany(c => c.Annotations ?? []).OfType<CitationAnnotation>();
        return new(
            response.Text,
            Word(report.Decision ?? GuardDecision.Delivered),
            Word(report.Reason),
            report.Confidence?.Value,
            abstained ? [] : Claims(report),
            abstained ? Count(report.Verdicts ?? []) : null,
            [.. report.Evidence.Select(e => new ShownPassage(e.Source ?? e.Id, e.Url?.ToString(), e.Text))],
            [.. cited.Select(c => Place(report, c.FileId)).OfType<int>().Distinct().Order()],
            elapsed.TotalMilliseconds,
            Activity.Current?.TraceId.ToHexString());
    }

    private static JudgedClaim[] Claims(GuardReport report) => [.. (report.Verdicts ?? []).Select(v => new JudgedClaim(
        v.Claim.Start, v.Claim.Length, Word(v.Verdict), v.Decisive?.Explanation, Place(report, v.Decisive?.EvidenceId)))];

    private static VerdictCounts Count(IReadOnlyList<ClaimVerdict> verdicts) => new(
        verdicts.Count(v => v.Verdict == Verdict.Supported),
        verdicts.Count(v => v.Verdict == Verdict.Contradicted),
        verdicts.Count(v => v.Verdict == Verdict.Unverifiable));

    private static int? Place(GuardReport report, string? evidenceId)
    {
        var place = report.Evidence.TakeWhile(e => e.Id != evidenceId).Count();
        return place < report.Evidence.Count ? place : null;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
