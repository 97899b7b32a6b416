using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>Collects what the guard emits while a test runs, by OpenTelemetry's in-memory exporters.</summary>
internal sealed class Listening : IDisposable
{
    /// <summary>A source of the application and of its models.</summary>
    public static readonly ActivitySource Application = new("Application");

    private readonly List<MetricSnapshot> _metrics = [];
    private readonly TracerProvider _tracer;
    private readonly MeterProvider _meter;

    public Listening()
    {
        _tracer = Sdk.CreateTracerProviderBuilder()
            .AddSource(Application.Name)
            .AddMicroscaleGuardInstrumentation()
            .AddInMemoryExporter(Activities)
            .Build();
        _meter = Sdk.CreateMeterProviderBuilder()
            .AddMicroscaleGuardInstrumentation()
            .AddInMemoryExporter(_metrics)
            .Build();
    }

    /// <summary>All activities that have ended, in the order of their ends.</summary>
    public List<Activity> Activities { get; } = [];

    public Activity Single(string name) => Assert.Single(Activities, a => a.OperationName == name);

    /// <summary>The points of a metric with their tags as <c>key=value</c>, in the order of keys.</summary>
    public Dictionary<string, MetricPoint> Metric(string name)
    {
        _metrics.Clear();
        _meter.ForceFlush();
        return _metrics.Where(m => m.Name == name).SelectMany(m => m.MetricPoints).ToDictionary(TagsOf);
    }

    public void Dispose()
    {
        _tracer.Dispose();
        _meter.Dispose();
    }

    private static string TagsOf(MetricPoint point)
    {
        var tags = new List<string>();
        foreach (var tag in point.Tags)
        {
            tags.Add($"{tag.Key}={tag.Value}");
        }

        tags.Sort(StringComparer.Ordinal);
        return string.Join(' ', tags);
    }
}
