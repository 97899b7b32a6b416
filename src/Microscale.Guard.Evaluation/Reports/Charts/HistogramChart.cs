using System.Globalization;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>How many true and false rows there are by score.</summary>
internal static class HistogramChart
{
    public static string Draw(string id, PipelineReport pipeline)
    {
        var most = Math.Max(1, pipeline.Histogram.Max(b => b.True + b.False));
        var plot = new SvgPlot(
            id,
            $"Scores of {pipeline.Name} by outcome",
            "How many rows have each score, true ones below, false ones stacked on them. The better the score, the further apart they lie.",
            width: 420,
            height: 380)
        {
            MaxY = most * 1.05,
        }.Axes("Score", "Rows", v => v.ToString("0.0", CultureInfo.InvariantCulture), v => v.ToString("0", CultureInfo.InvariantCulture));
        foreach (var bin in pipeline.Histogram.Where(b => b.True + b.False > 0))
        {
            var tip = string.Create(CultureInfo.InvariantCulture, $"Scores {bin.Low:0.00} to {bin.High:0.00}: {bin.True} true, {bin.False} false");
            plot.Bar(bin.Low, bin.High, 0, bin.True, "bar true", tip);
            plot.Bar(bin.Low, bin.High, bin.True, bin.True + bin.False, "bar false", tip);
        }

        return plot.ToString();
    }
}
