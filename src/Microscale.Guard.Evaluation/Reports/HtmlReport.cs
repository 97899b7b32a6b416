using System.Globalization;
using Microscale.Guard.Evaluation.Charts;
using Microscale.Guard.Evaluation.Html;

namespace Microscale.Guard.Evaluation;

/// <summary>Writes a report as one HTML file, which needs no other file and no network.</summary>
/// <remarks>Light and dark by the reader's system, fit for printing; behind each chart stands its data as a table.</remarks>
public static class HtmlReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where it goes; UTF-8.</param>
    public static void Write(EvaluationReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        var html = new HtmlWriter(output);
        html.Markup($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Markup($"<title>{report.Title}</title><style>{new HtmlWriter.Safe(StyleSheet())}</style></head><body>")
            .Markup($"<header><h1>{report.Title}</h1><p class=\"sub\">{report.CreatedAt:d MMMM yyyy, HH:mm} UTC · {Summary(report)}</p></header><main>");
        if (report.Runs.Count > 1)
        {
            WriteOverview(html, report);
        }

        foreach (var (run, index) in report.Runs.Select((r, i) => (r, i)))
        {
            RunSection.Write(html, run, $"r{index}");
        }

        html.Markup($"</main><footer><p>{Explanation}</p></footer></body></html>");
    }

    private const string Explanation =
        "Balanced accuracy is the mean of the shares of both classes that are decided rightly. AUROC is the probability that something true scores above something false. "
        + "Coverage is the share that passes, selective risk the share of false ones among it, AURC the area under the curve of risk over coverage, its excess what lies above a perfect order. "
        + "ECE is the mean distance of score and share of true rows over ten bins, the Brier score the mean squared distance of score and truth. Intervals are 95 % by bootstrap over rows.";

    private static string Summary(EvaluationReport report)
    {
        var pipelines = report.Runs.SelectMany(r => r.Pipelines.Select(p => p.Name)).Distinct(StringComparer.Ordinal).Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Runs.Sum(r => r.Pipelines.Select(p => p.Figures.N).DefaultIfEmpty(0).Max()):N0} rows of {report.Runs.Count} data set{(report.Runs.Count == 1 ? "" : "s")} · {pipelines} pipeline{(pipelines == 1 ? "" : "s")}");
    }

    private static void WriteOverview(HtmlWriter html, EvaluationReport report) =>
        html.Markup($"<h2>All data sets</h2>").Table(
            "Figures of each pipeline on each data set",
            ["Data set", "Pipeline", "Rows", .. RunMetric.All.Select(m => m.Title)],
            report.Runs.SelectMany(run => run.Pipelines.Select(p => (IReadOnlyList<string>)
            [
                Path.GetFileNameWithoutExtension(run.Run.Data), p.Name, p.Figures.N.ToString("N0", CultureInfo.InvariantCulture), .. RunMetric.All.Select(m => ReportText.Figure(m.Read(p.Figures))),
            ])));

    private static string StyleSheet()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("Reports/report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
