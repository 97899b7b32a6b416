using System.Globalization;
using Microscale.Guard.Evaluation.Charts;

namespace Microscale.Guard.Evaluation.Html;

/// <summary>A run in the HTML report.</summary>
internal static class RunSection
{
    /// <summary>The figures that are shown as bars with intervals.</summary>
    private static readonly string[] s_compared = ["balancedAccuracy", "auroc", "accuracy", "selectiveRisk"];

    public static void Write(HtmlWriter html, RunReport run, string id)
    {
        var words = KindWords.Of(run.Run.Kind);
        html.Markup($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{Path.GetFileNameWithoutExtension(run.Run.Data)}</h2>")
            .Markup($"<p class=\"sub\">{words.Title}. {ReportText.Origin(run)}</p>");
        foreach (var pipeline in run.Pipelines)
        {
            WriteCards(html, pipeline, words);
        }

        WriteFigures(html, run);
        if (run.Pipelines.Any(p => p.RiskCoverage.Count > 0))
        {
            WriteComparison(html, run, id, words);
        }

        foreach (var (pipeline, index) in run.Pipelines.Select((p, i) => (p, i)).Where(p => p.p.RiskCoverage.Count > 0))
        {
            PipelineSection.Write(html, pipeline, $"{id}p{index}", words);
        }

        WriteDifferences(html, run);
        foreach (var pipeline in run.Pipelines)
        {
            ErrorSection.Write(html, pipeline, words);
        }

        html.Markup($"</section>");
    }

    private static void WriteCards(HtmlWriter html, PipelineReport pipeline, KindWords words)
    {
        var figures = pipeline.Figures;
        html.Markup($"<h3>{pipeline.Name} <span class=\"note\">{pipeline.Fingerprint}</span></h3><ul class=\"cards\">");
        Card(figures.N.ToString("N0", CultureInfo.InvariantCulture), words.Row);
        if (figures.Schema is { } schema)
        {
            Card(ReportText.Percent((double)schema.Compiled / Math.Max(1, figures.N)), "schemas compiled");
            Card(schema.Wrong.ToString("N0", CultureInfo.InvariantCulture), "values judged wrongly");
            Card(schema.ValidAccepted.ToString("N0", CultureInfo.InvariantCulture), "valid values accepted");
            Card(schema.InvalidRejected.ToString("N0", CultureInfo.InvariantCulture), "invalid values rejected");
        }
        else
        {
            Card(ReportText.Percent(figures.Coverage), words.Passes);
            Card(ReportText.Percent(figures.SelectiveRisk), $"{words.IsFalse} among these");
            Card(ReportText.Figure(figures.BalancedAccuracy), "balanced accuracy");
            Card(ReportText.Figure(figures.Auroc), "AUROC");
            Card($"{ReportText.Figure(figures.Ece)} → {ReportText.Figure(pipeline.CalibratedEce)}", "ECE, raw → calibrated");
        }

        html.Markup($"</ul>");

        void Card(string value, string name) => html.Markup($"<li><b>{value}</b><span>{name}</span></li>");
    }

    private static void WriteFigures(HtmlWriter html, RunReport run)
    {
        if (run.Pipelines.Any(p => p.Figures.Schema is null))
        {
            html.Table(
                "Figures, and their intervals of 95 %",
                ["Figure", .. run.Pipelines.SelectMany(p => (string[])[p.Name, "95 %"])],
                RunMetric.All.Select(m => (IReadOnlyList<string>)
                [
                    m.Title, .. run.Pipelines.SelectMany(p => (string[])[ReportText.Figure(m.Read(p.Figures)), ReportText.Interval(p.Intervals, m.Name)]),
                ]));
        }
    }

    private static void WriteComparison(HtmlWriter html, RunReport run, string id, KindWords words)
    {
        (string, string)[] legend = [.. run.Pipelines.Select((p, i) => (SvgPlot.LineStyle(i), p.Name))];
        html.Markup($"<div class=\"charts\">").Figure(
            RiskCoverageChart.Draw($"{id}-rc", run.Pipelines),
            $"Risk over coverage: the share that is {words.IsFalse} among those {words.Passes}, the most sure first. The dot is what the pipeline decides by itself.",
            ["Pipeline", "Coverage", "Risk", "Threshold"],
            run.Pipelines.SelectMany(p => Deciles(p.RiskCoverage).Select(point => (IReadOnlyList<string>)
                [p.Name, ReportText.Percent(point.Coverage), ReportText.Percent(point.Risk), ReportText.Figure(point.Threshold)])),
            legend);
        foreach (var metric in RunMetric.All.Where(m => s_compared.Contains(m.Name)))
        {
            (string, MetricInterval)[] rows = [.. run.Pipelines.Where(p => p.Intervals.ContainsKey(metric.Name)).Select(p => (p.Name, p.Intervals[metric.Name]))];
            if (rows.Length > 1)
            {
                html.Figure(
                    IntervalChart.Draw($"{id}-{metric.Name}", metric.Title, rows),
                    $"{metric.Title}, {(metric.IsHigherBetter is true ? "higher is better" : "lower is better")}.",
                    ["Pipeline", metric.Title, "95 %"],
                    rows.Select(r => (IReadOnlyList<string>)
                    [
                        r.Item1, ReportText.Figure(r.Item2.Value), $"{ReportText.Figure(r.Item2.Low)} to {ReportText.Figure(r.Item2.High)}",
                    ]));
            }
        }

        html.Markup($"</div>");
    }

    private static void WriteDifferences(HtmlWriter html, RunReport run)
    {
        if (run.Differences.Count > 0)
        {
            html.Markup($"<h3>Differences</h3>").Table(
                $"Each pipeline compared with {run.Pipelines[0].Name} on the same rows (paired bootstrap)",
                ["Pipeline", "Figure", "Difference", "95 %", "p"],
                run.Differences.Select(d => (IReadOnlyList<string>)
                [
                    d.To,
                    RunMetric.All.First(m => m.Name == d.Figure).Title,
                    ReportText.Signed(d.Difference.Value),
                    $"{ReportText.Signed(d.Difference.Low)} to {ReportText.Signed(d.Difference.High)}",
                    ReportText.PValue(d.Difference.PValue),
                ]));
        }
    }

    private static IEnumerable<RiskCoveragePoint> Deciles(IReadOnlyList<RiskCoveragePoint> curve) => curve.Count == 0
        ? []
        : Enumerable.Range(1, 10).Select(i => curve.MinBy(p => Math.Abs(p.Coverage - (i / 10.0)))).Distinct();
}
