using System.Globalization;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>The share of true rows by score, before and after calibration: on the diagonal scores are probabilities.</summary>
internal static class ReliabilityChart
{
    public static string Draw(string id, PipelineReport pipeline)
    {
        var plot = new SvgPlot(
            id,
            $"Reliability of the scores of {pipeline.Name}",
            "For each range of scores, the share of true rows. Bars that end on the diagonal are calibrated; the line is after calibration.",
            width: 420,
            height: 380).Axes("Score", "Share of true rows", Decimal, Percent);
        foreach (var bin in pipeline.Reliability)
        {
            plot.Bar(bin.Low, bin.High, 0, bin.Accuracy, "bar", string.Create(
                CultureInfo.InvariantCulture, $"Scores {bin.Low:0.0} to {bin.High:0.0}: {bin.Count} rows, mean score {bin.MeanScore:0.00}, {bin.Accuracy:P1} true"));
            plot.Rule(bin.Low + 0.01, bin.MeanScore, bin.High - 0.01, bin.MeanScore, "mean");
        }

        plot.Rule(0, 0, 1, 1, "diagonal");
        if (pipeline.Calibrated.Count > 0)
        {
            plot.Line(pipeline.Calibrated.Select(b => (b.MeanScore, b.Accuracy)), 1);
            foreach (var bin in pipeline.Calibrated)
            {
                plot.Dot(bin.MeanScore, bin.Accuracy, 1, string.Create(
                    CultureInfo.InvariantCulture, $"Calibrated to {bin.MeanScore:0.00}: {bin.Count} rows, {bin.Accuracy:P1} true"));
            }
        }

        return plot.ToString();
    }

    private static string Decimal(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => SvgPlot.Percent(value);
}
