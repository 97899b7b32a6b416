using System.Globalization;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>The impossibility triangle: calibrated, answering everything and free of hallucination cannot be had together. Each
/// threshold is a triangle inside of the ideal one, and what grows at one corner shrinks at another.</summary>
internal static class TradeOffChart
{
    private const double CentreX = 220;
    private const double CentreY = 205;
    private const double Radius = 148;

    /// <summary>The thresholds that are drawn, and how each reads in the legend.</summary>
    private static readonly double[] s_thresholds = [0, 0.5, 0.8, 0.95];

    public static IReadOnlyList<TradeOffPoint> Shown(PipelineReport pipeline) =>
        [.. s_thresholds.Select(t => pipeline.TradeOff.MinBy(p => Math.Abs(p.Threshold - t))).Where(p => p.Risk is not null).DistinctBy(p => p.Coverage)];

    public static string DrawTriangle(string id, PipelineReport pipeline)
    {
        var plot = new SvgPlot(
            id,
            $"The impossibility triangle of {pipeline.Name}",
            "Three corners: answers everything, does not hallucinate, is calibrated. Each inner triangle is a threshold on the score; none fills the outer one.",
            width: 440,
            height: 340);
        foreach (var share in (double[])[1, 0.75, 0.5, 0.25])
        {
            plot.Polygon([Corner(0, share), Corner(1, share), Corner(2, share)], share == 1 ? "ideal" : "ring", SvgPlot.Percent(share));
        }

        foreach (var (point, index) in Shown(pipeline).Select((p, i) => (p, i)))
        {
            plot.Polygon(
                [Corner(0, point.Coverage), Corner(1, 1 - point.Risk!.Value), Corner(2, 1 - point.CalibrationError!.Value)],
                $"area s{index % SvgPlot.Styles}",
                string.Create(CultureInfo.InvariantCulture, $"Threshold {point.Threshold:0.00}: coverage {point.Coverage:P0}, risk {point.Risk:P0}, calibration error {point.CalibrationError:0.00}"));
        }

        plot.Text(CentreX, CentreY - Radius - 12, "answers everything", "middle", "axis");
        plot.Text(CentreX + 135, CentreY + 98, "no hallucination", "middle", "axis");
        plot.Text(CentreX - 135, CentreY + 98, "calibrated", "middle", "axis");
        return plot.ToString();
    }

    public static string DrawCurves(string id, PipelineReport pipeline)
    {
        var points = pipeline.TradeOff;
        return new SvgPlot(
            id,
            $"Coverage, risk and calibration error of {pipeline.Name} by threshold",
            "As the threshold rises, coverage falls, and so does the share of false ones among those that pass.",
            width: 440,
            height: 340)
            .Axes("Threshold on the score", "", v => v.ToString("0.0", CultureInfo.InvariantCulture))
            .Line(points.Select(p => (p.Threshold, p.Coverage)), 0)
            .Line(points.Where(p => p.Risk is not null).Select(p => (p.Threshold, p.Risk!.Value)), 1)
            .Line(points.Where(p => p.CalibrationError is not null).Select(p => (p.Threshold, p.CalibrationError!.Value)), 2)
            .ToString();
    }

    /// <summary>The place at a share of the way from the centre to a corner: top, lower right, lower left.</summary>
    private static (double X, double Y) Corner(int corner, double share)
    {
        var angle = (-Math.PI / 2) + (corner * 2 * Math.PI / 3);
        return (CentreX + (share * Radius * Math.Cos(angle)), CentreY + (share * Radius * Math.Sin(angle)));
    }
}
