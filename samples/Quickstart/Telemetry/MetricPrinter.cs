using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Prints metrics, one line a series.</summary>
internal sealed class MetricPrinter(IAnsiConsole console) : BaseExporter<Metric>
{
    /// <summary>Whether what is collected is printed; the provider collects once more when it is disposed.</summary>
    public bool IsPrinting { get; set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        if (!IsPrinting)
        {
            return ExportResult.Success;
        }

        foreach (var metric in batch)
        {
            console.Write(Printable.Text($"{metric.Name} ({metric.Unit}) - {metric.Description}", new Style(decoration: Decoration.Bold)));
            console.WriteLine();
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                console.Write(new Padder(Printable.Text(Value(metric, point) + Tags(point)), new Padding(2, 0, 0, 0)));
            }
        }

        return ExportResult.Success;
    }

    private static string Value(Metric metric, in MetricPoint point) => metric.MetricType switch
    {
        MetricType.LongSum => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleSum => point.GetSumDouble().ToString("0.######", CultureInfo.InvariantCulture),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble().ToString("0.000", CultureInfo.InvariantCulture),
        MetricType.Histogram => string.Create(
            CultureInfo.InvariantCulture,
            $"count {point.GetHistogramCount()}, mean {point.GetHistogramSum() / Math.Max(1, point.GetHistogramCount()):0.000}"),
        _ => metric.MetricType.ToString(),
    };

    private static string Tags(in MetricPoint point)
    {
        List<KeyValuePair<string, object?>> tags = [];
        foreach (var tag in point.Tags)
        {
            tags.Add(tag);
        }

        return ActivityTrees.Tags(tags);
    }
}
