using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microscale.Guard.Cli.Output;

/// <summary>Shows a guarded answer to a person: the answer first, then why.</summary>
internal static class AnswerView
{
    private static readonly Style s_faint = new(decoration: Decoration.Dim);
    private static readonly Style s_good = new(Color.Green);
    private static readonly Style s_doubtful = new(Color.Yellow);
    private static readonly Style s_bad = new(Color.Red);

    public static void Write(IAnsiConsole console, GuardedAnswer answer, GuardReport? report)
    {
        console.Write(Printable.Cell(answer.Text, new Style(decoration: Decoration.Bold)));
        console.WriteLine();
        console.WriteLine();
        var grid = new Grid().AddColumn(new GridColumn { Width = 10 }.NoWrap()).AddColumn();
        foreach (var (label, content) in Rows(answer, report))
        {
            grid.AddRow(new Text(label, s_faint), content);
        }

        console.Write(grid);
    }

    private static IEnumerable<(string Label, IRenderable Content)> Rows(GuardedAnswer answer, GuardReport? report)
    {
        var decision = answer.Decision is { } made ? Printable.Words(made) : "undecided";
        yield return ("Decision", new Text(
            answer.Reason == GuardReason.None ? decision : $"{decision}: {Printable.Words(answer.Reason)}",
            answer.Decision is null or GuardDecision.Abstained ? s_bad : s_good));
        if (report?.Explanation is { } explanation)
        {
            yield return ("", Printable.Cell(explanation, s_faint));
        }

        if (report?.Confidence is { } confidence)
        {
            yield return ("Confidence", Printable.Cell(confidence.Value is { } value
                ? $"{Printable.Score(value)} by {confidence.Scorer} ({(confidence.IsCalibrated ? "calibrated" : "raw")})"
                : $"not available from {confidence.Scorer}: {confidence.Explanation}"));
        }

        if (answer.Draft is { } draft)
        {
            yield return ("Withheld", Printable.Cell(draft, s_faint));
        }

        foreach (var (label, row) in Labelled("Claims", answer.Verdicts.Select(Claim)))
        {
            yield return (label, row);
        }

        foreach (var (label, row) in Labelled("Sources", answer.Citations.Select(Citation)))
        {
            yield return (label, row);
        }

        foreach (var (label, row) in Labelled("Faults", (report?.Faults ?? []).Select(f => Printable.Cell($"{Printable.Words(f.Stage)}, {f.Component}: {f.Message}", s_bad))))
        {
            yield return (label, row);
        }

        var drafts = answer.Attempts.Count > 1 ? $" · {answer.Attempts.Count} drafts" : "";
        yield return ("Time", new Text(Printable.Duration(TimeSpan.FromMilliseconds(answer.Milliseconds)) + drafts, s_faint));
    }

    private static IEnumerable<(string Label, IRenderable Content)> Labelled(string label, IEnumerable<IRenderable> rows) =>
        rows.Select((row, i) => (i == 0 ? label : "", row));

    private static Rows Claim(AnswerVerdict verdict)
    {
        var style = verdict.Verdict switch
        {
            Verdict.Supported => s_good,
            Verdict.Contradicted => s_bad,
            _ => s_doubtful,
        };
        var by = (verdict.Verifier is { } verifier ? "by " + verifier : "no verifier had an opinion")
            + (verdict.Score is { } score ? " " + Printable.Score(score) : "")
            + (verdict.EvidenceId is { } id ? " on " + id : "")
            + (verdict.Explanation is { } explanation ? ": " + explanation : "");
        return new Rows(
            Printable.Cell($"{Printable.Words(verdict.Verdict)}: {verdict.Claim}", style),
            new Padder(Printable.Cell(by, s_faint), new Padding(2, 0, 0, 0)));
    }

    private static Rows Citation(AnswerCitation citation) => new(
        Printable.Cell(citation.Source ?? citation.EvidenceId),
        new Padder(Printable.Cell(citation.Url ?? $"\"{citation.Snippet}\"", s_faint), new Padding(2, 0, 0, 0)));
}
