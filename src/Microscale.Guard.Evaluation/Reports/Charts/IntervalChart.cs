using System.Globalization;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>A figure of each pipeline with its interval, one below the other.</summary>
internal static class IntervalChart
{
    private const int RowHeight = 34;

    public static string Draw(string id, string title, IReadOnlyList<(string Name, MetricInterval Interval)> rows)
    {
        var low = Math.Max(0, Math.Floor((rows.Min(r => r.Interval.Low) * 20) - 0.5) / 20);
        var high = Math.Min(1, Math.Ceiling((rows.Max(r => r.Interval.High) * 20) + 0.5) / 20);
        var plot = new SvgPlot(
            id, $"{title} with intervals of 95 %", "Each row is a pipeline; the bar is the interval, the dot the figure.", width: 420, height: 76 + (rows.Count * RowHeight))
        {
            MinX = low,
            MaxX = high <= low ? low + 0.05 : high,
            MaxY = rows.Count,
        }.Axes(title, "", v => v.ToString("0.00", CultureInfo.InvariantCulture), _ => "");
        foreach (var (row, index) in rows.Select((r, i) => (r, i)))
        {
            var y = rows.Count - index - 0.62;
            var (name, interval) = row;
            plot.Rule(interval.Low, y, interval.High, y, $"whisker s{index % SvgPlot.Styles}")
                .Dot(interval.Value, y, index, $"{name}: {interval}", radius: 5)
                .Text(plot.X(plot.MinX) + 4, plot.Y(y) - 9, $"{name}  {interval.Value.ToString("0.000", CultureInfo.InvariantCulture)}", "start", "label");
        }

        return plot.ToString();
    }
}
