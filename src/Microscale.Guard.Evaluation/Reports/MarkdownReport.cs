using System.Globalization;

namespace Microscale.Guard.Evaluation;

/// <summary>Writes a report as Markdown: the figures with their intervals, without charts.</summary>
public static class MarkdownReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(EvaluationReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine($"# {Escape(report.Title)}");
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.CreatedAt:yyyy-MM-dd HH:mm} UTC"));
        foreach (var run in report.Runs)
        {
            WriteRun(run, output);
        }
    }

    private static void WriteRun(RunReport run, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"## {Escape(Path.GetFileNameWithoutExtension(run.Run.Data))}");
        output.WriteLine();
        output.WriteLine($"{KindWords.Of(run.Run.Kind).Title}. {Escape(ReportText.Origin(run))}");
        output.WriteLine();
        Table(
            ["figure", .. run.Pipelines.Select(p => p.Name)],
            [
                ["rows", .. run.Pipelines.Select(p => p.Figures.N.ToString(CultureInfo.InvariantCulture))],
                .. run.Pipelines.All(p => p.Figures.Schema is not null) ? SchemaRows(run) : Figures(run),
                ["seconds", .. run.Pipelines.Select(p => p.Figures.Seconds.ToString("0.0", CultureInfo.InvariantCulture))],
            ]);
        if (run.Differences.Count > 0)
        {
            output.WriteLine();
            Table(
                ["compared with " + run.Pipelines[0].Name, "figure", "difference", "95 %", "p"],
                run.Differences.Select(d => (IReadOnlyList<string>)
                [
                    d.To,
                    d.Figure,
                    ReportText.Signed(d.Difference.Value),
                    $"{ReportText.Signed(d.Difference.Low)} to {ReportText.Signed(d.Difference.High)}",
                    ReportText.PValue(d.Difference.PValue),
                ]));
        }

        foreach (var pipeline in run.Pipelines.Where(p => p.AcceptedErrors.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"### Errors of {Escape(pipeline.Name)}");
            output.WriteLine();
            Table(["row", "score", "asked", "answer", "expected"], pipeline.AcceptedErrors.Select(i => (IReadOnlyList<string>)
            [
                i.Id ?? (i.Row + 1).ToString(CultureInfo.InvariantCulture),
                ReportText.Figure(i.Score),
                ReportText.Excerpt(i.Question),
                ReportText.Excerpt(i.Answer),
                ReportText.Excerpt(i.Expected),
            ]));
        }

        void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
        {
            output.WriteLine($"| {string.Join(" | ", heads.Select(Escape))} |");
            output.WriteLine($"|{string.Concat(heads.Select(_ => "---|"))}");
            foreach (var row in rows)
            {
                output.WriteLine($"| {string.Join(" | ", row.Select(Escape))} |");
            }
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Figures(RunReport run) =>
    [
        .. RunMetric.All.Select(m => (IReadOnlyList<string>)[m.Title, .. run.Pipelines.Select(p => m.Read(p.Figures) is { } value
            ? $"{ReportText.Figure(value)} ({ReportText.Interval(p.Intervals, m.Name)})"
            : "–")]),
        ["ECE, calibrated on the other half", .. run.Pipelines.Select(p => ReportText.Figure(p.CalibratedEce))],
    ];

    private static IEnumerable<IReadOnlyList<string>> SchemaRows(RunReport run)
    {
        (string Name, Func<SchemaCounts, int> Read)[] counts =
        [
            ("schemas compiled", c => c.Compiled),
            ("values judged wrongly", c => c.Wrong),
            ("valid values accepted", c => c.ValidAccepted),
            ("invalid values rejected", c => c.InvalidRejected),
            ("values of schemas that did not compile", c => c.Skipped),
        ];
        return counts.Select(c => (IReadOnlyList<string>)
            [c.Name, .. run.Pipelines.Select(p => c.Read(p.Figures.Schema!).ToString(CultureInfo.InvariantCulture))]);
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}
