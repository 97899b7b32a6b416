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

    /// <summary>Whatever anybody can read of what was emitted, ids and times aside.</summary>
    public IEnumerable<string> Values()
    {
        foreach (var activity in Activities)
        {
            foreach (var tag in activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)))
            {
                yield return $"{tag.Key}={tag.Value}";
            }

            yield return activity.DisplayName;
            yield return activity.StatusDescription ?? "";
            foreach (var e in activity.Events)
            {
                yield return e.Name;
            }
        }

        _metrics.Clear();
        _meter.ForceFlush();
        foreach (var tags in _metrics.SelectMany(m => m.MetricPoints).Select(TagsOf))
        {
            yield return tags;
        }
    }

    /// <summary>An activity with those above it, from the root: <c>guard/guard.attempt(draft)/guard.scoring</c>.</summary>
    public string PathOf(Activity activity)
    {
        var name = activity.GetTagItem("microscale.guard.attempt.kind") is { } kind ? $"{activity.OperationName}({kind})" : activity.OperationName;
        if (activity.ParentSpanId == default)
        {
            return name;
        }

        var parent = Assert.Single(Activities, a => a.SpanId == activity.ParentSpanId);
        Assert.Equal(parent.TraceId, activity.TraceId);
        return $"{PathOf(parent)}/{name}";
    }

    /// <summary>The different paths of activities, sorted.</summary>
    public IEnumerable<string> Paths(IEnumerable<Activity> activities) =>
        activities.Select(PathOf).Distinct().Order(StringComparer.Ordinal);

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
