using Microsoft.Extensions.AI;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>The guard's judgement as labelled rows.</summary>
internal static class ReportRows
{
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Doubtful = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);

    public static IEnumerable<(string Label, IRenderable Content)> Of(GuardReport report, QuestionOutcome outcome)
    {
        yield return ("Decision", Decision(report));
        if (report.Explanation is { } explanation)
        {
            yield return ("", Printable.Text(explanation));
        }

        yield return ("Confidence", Confidence(report.Confidence));
        // The claims of an abstention are those of the draft that was withheld.
        foreach (var row in Labelled(report.Decision == GuardDecision.Abstained ? "Withheld" : "Claims", Claims(report)))
        {
            yield return row;
        }

        foreach (var row in Labelled("Citations", outcome.Citations.GroupBy(c => (c.FileId, c.Title, c.Url)).Select(c => Citation([.. c], report.Evidence))))
        {
            yield return row;
        }

        if (report.Attempts.Count > 1)
        {
            yield return ("Attempts", new Text(string.Join(", then ", report.Attempts.Select(Attempt))));
        }

        foreach (var row in Labelled("Faults", report.Faults.Select(Fault)))
        {
            yield return row;
        }

        yield return ("Time", new Text(Timings(report.Timings), Faint));
    }

    private static IEnumerable<(string, IRenderable)> Labelled(string label, IEnumerable<IRenderable> rows) =>
        rows.Select((row, i) => (i == 0 ? label : "", row));

    private static Text Decision(GuardReport report)
    {
        var style = report.Decision is GuardDecision.Abstained or null ? Bad : Good;
        var decision = report.Decision?.ToString() ?? "Undecided";
        return new Text(report.Reason == GuardReason.None ? decision : $"{decision}: {Printable.Words(report.Reason)}", style);
    }

    private static IRenderable Confidence(ConfidenceScore? score) => score switch
    {
        null => new Text("not scored"),
        { Value: { } value } => Printable.Text($"{Printable.Score(value)} by {score.Scorer} ({(score.IsCalibrated ? "calibrated" : "raw")})"
            + (score.Explanation is { } explanation ? ": " + explanation : "")),
        _ => Printable.Text($"not available from {score.Scorer}: {score.Explanation}"),
    };

    private static IEnumerable<IRenderable> Claims(GuardReport report) => report.Verdicts switch
    {
        null => [new Text("not verified")],
        { Count: 0 } => [new Text("none")],
        { } verdicts => verdicts.Select(Claim),
    };

    private static Rows Claim(ClaimVerdict verdict)
    {
        var style = verdict.Verdict switch
        {
            Verdict.Supported => Good,
            Verdict.Contradicted => Bad,
            _ => Doubtful,
        };
        var finding = verdict.Decisive;
        var by = finding switch
        {
            null when verdict.VerifierFailed => "a verifier failed",
            null => "no verifier had an opinion",
            _ => "by " + finding.Verifier
                + (finding.Score is { } score ? " " + Printable.Score(score) : "")
                + (finding.EvidenceId is { } id ? " on " + id : "")
                + (finding.Explanation is { } explanation ? ": " + explanation : ""),
        };
        return new Rows(
            Printable.Text($"{verdict.Verdict}: {verdict.Claim.Text}", style),
            Indented(Printable.Text(by, Faint)));
    }

    /// <summary>The citations of one passage, by the number that it has among the evidence.</summary>
    private static Rows Citation(CitationAnnotation[] citations, IReadOnlyList<Evidence> evidence)
    {
        var passage = citations[0];
        var number = evidence.TakeWhile(e => e.Id != passage.FileId).Count() + 1;
        var title = passage.Title ?? passage.FileId ?? passage.ToolName ?? "no title";
        return new Rows(
        [
            Printable.Text(number > evidence.Count ? title : $"[{number}] {title}"),
            Indented(Printable.Text(passage.Url?.ToString() ?? "no address", Faint)),
            .. citations.Where(c => c.Snippet is not null).Select(c => Indented(Printable.Text($"\"{c.Snippet}\"", Faint))),
        ]);
    }

    private static Padder Indented(Text text) => new(text, new Padding(2, 0, 0, 0));

    private static string Attempt(GuardAttempt attempt) =>
        Printable.Words(attempt.Kind) + (attempt.Reason == GuardReason.None ? " (delivered)" : $" ({Printable.Words(attempt.Reason)})");

    private static Text Fault(GuardFault fault) =>
        Printable.Text($"{Printable.Words(fault.Stage)}, {fault.Component}: {fault.Message} ({fault.ErrorType})", Bad);

    private static string Timings(GuardTimings timings) => string.Join(" · ", new (string Name, TimeSpan Time)[]
    {
        ("retrieval", timings.Retrieval),
        ("generation", timings.Generation),
        ("scoring", timings.Scoring),
        ("verification", timings.Verification),
        ("total", timings.Total),
    }.Select(t => $"{t.Name} {Printable.Duration(t.Time)}"));
}
