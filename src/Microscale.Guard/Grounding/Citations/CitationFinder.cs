using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds what an answer's spans rest on.</summary>
internal static partial class CitationFinder
{
    /// <summary>A citation for each claim that the verifiers found supported by a passage. None when the answer was
    /// withheld: the claims are then of another text.</summary>
    public static IReadOnlyList<Citation> FromVerdicts(GuardReport report)
    {
        List<Citation>? citations = null;
        var count = report.Decision == GuardDecision.Abstained ? 0 : report.Verdicts?.Count ?? 0;
        for (var i = 0; i < count; i++)
        {
            var verdict = report.Verdicts![i];
            if (verdict.Verdict == Verdict.Supported
                && SupportingPassage(verdict.Findings) is { } id
                && IndexOf(report.Evidence, id) is >= 0 and var index)
            {
                (citations ??= []).Add(new Citation(report.Evidence[index], index + 1, verdict.Claim.Text, verdict.Claim.Start, verdict.Claim.Length, IsVerified: true));
            }
        }

        return (IReadOnlyList<Citation>?)citations ?? [];
    }

    /// <summary>The citations that the model wrote as <c>[n]</c>, as far as they can be believed: the number is that of a
    /// passage shown with a number; no passage holds the same characters, from where they may have been copied; and
    /// verification did not cover the place, for then its verdicts say what is cited.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="report">What is known of it.</param>
    /// <param name="evidence">The evidence in the order of its numbers.</param>
    public static IReadOnlyList<Citation> FromMarkers(string text, GuardReport report, IReadOnlyList<Evidence> evidence) =>
        evidence.Count == 0 || report.Decision == GuardDecision.Abstained || !text.Contains('[') ? [] : ReadMarkers(text, report, evidence);

    private static List<Citation> ReadMarkers(string text, GuardReport report, IReadOnlyList<Evidence> evidence)
    {
        var citations = new List<Citation>();
        var candidates = Marker.Matches(text).AsEnumerable();
        foreach (var match in candidates.Where(m => !evidence.Any(e => e.Text.Contains(m.Value, StringComparison.Ordinal))))
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (number > 0
                && number <= evidence.Count
                && evidence[number - 1].Provenance == EvidenceProvenance.Retrieved
                && (report.Verdicts is null || match.Index >= report.VerifiedLength))
            {
                citations.Add(new Citation(evidence[number - 1], number, SentenceBefore(text, match.Index), match.Index, match.Length, IsVerified: false));
            }
        }

        return citations;
    }

    [GeneratedRegex(@"\[([0-9]{1,3})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Marker { get; }

    private static string SentenceBefore(string text, int end)
    {
        var before = text[..end].TrimEnd();
        return before.Length == 0 ? "" : before[Sentences.Split(before)[^1]];
    }

    /// <summary>The id of the first passage that a finding of support rests on.</summary>
    private static string? SupportingPassage(IReadOnlyList<VerifierFinding> findings)
    {
        for (var i = 0; i < findings.Count; i++)
        {
            if (findings[i] is { Verdict: Verdict.Supported, EvidenceId: { } id })
            {
                return id;
            }
        }

        return null;
    }

    private static int IndexOf(IReadOnlyList<Evidence> evidence, string? id)
    {
        for (var i = 0; i < evidence.Count; i++)
        {
            if (evidence[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }
}
