using System.Globalization;
using Microscale.Guard.Evaluation.Charts;

namespace Microscale.Guard.Evaluation.Html;

/// <summary>The scores of a pipeline in the HTML report: whether they are probabilities, and what a threshold on them costs.</summary>
internal static class PipelineSection
{
    public static void Write(HtmlWriter html, PipelineReport pipeline, string id, KindWords words)
    {
        html.Markup($"<h3>The scores of {pipeline.Name}</h3><div class=\"charts\">")
            .Figure(
                ReliabilityChart.Draw($"{id}-rel", pipeline),
                $"Reliability: the share that is {words.IsTrue}, by score. On the diagonal a score is a probability. ECE {ReportText.Figure(pipeline.Figures.Ece)}{After(pipeline)}",
                ["Scores", "Rows", "Mean score", $"Share {words.IsTrue}"],
                pipeline.Reliability.Select(b => (IReadOnlyList<string>)
                    [$"{ReportText.Figure(b.Low)} to {ReportText.Figure(b.High)}", Count(b.Count), ReportText.Figure(b.MeanScore), ReportText.Percent(b.Accuracy)]),
                pipeline.Calibrated.Count > 0 ? [(SvgPlot.LineStyle(1), "calibrated on the other half, ten bins of equal mass")] : [])
            .Figure(
                HistogramChart.Draw($"{id}-hist", pipeline),
                $"Confidence by outcome: how many are {words.IsTrue} and {words.IsFalse} at each score.",
                ["Scores", words.IsTrue, words.IsFalse],
                pipeline.Histogram.Where(b => b.True + b.False > 0).Select(b => (IReadOnlyList<string>)
                    [$"{ReportText.Figure(b.Low)} to {ReportText.Figure(b.High)}", Count(b.True), Count(b.False)]),
                ("bar true", words.IsTrue),
                ("bar false", words.IsFalse))
            .Figure(
                TradeOffChart.DrawTriangle($"{id}-tri", pipeline),
                "The impossibility triangle: a calibrated model that answers everything errs on what it has rarely seen. Each inner triangle is a threshold on the score; what it gains at one corner it loses at another.",
                ["Threshold", "Coverage", "Risk", "Calibration error"],
                TradeOffChart.Shown(pipeline).Select(Row),
                [.. TradeOffChart.Shown(pipeline).Select((p, i) => (SvgPlot.LineStyle(i), string.Create(CultureInfo.InvariantCulture, $"score ≥ {p.Threshold:0.00}")))])
            .Figure(
                TradeOffChart.DrawCurves($"{id}-cut", pipeline),
                "The same as the threshold moves.",
                ["Threshold", "Coverage", "Risk", "Calibration error"],
                pipeline.TradeOff.Select(Row),
                (SvgPlot.LineStyle(0), "coverage"),
                (SvgPlot.LineStyle(1), "risk"),
                (SvgPlot.LineStyle(2), "calibration error"))
            .Markup($"</div>");
    }

    private static string After(PipelineReport pipeline) => pipeline.CalibratedEce is { } ece
        ? $"; {ReportText.Figure(ece)} once calibrated, each half of the groups by the other."
        : ".";

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Row(TradeOffPoint point) =>
        [ReportText.Figure(point.Threshold), ReportText.Percent(point.Coverage), ReportText.Percent(point.Risk), ReportText.Figure(point.CalibrationError)];
}
