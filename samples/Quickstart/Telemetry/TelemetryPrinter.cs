using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Listens to the guard as an OpenTelemetry pipeline would, and prints what it hears.</summary>
internal sealed class TelemetryPrinter : IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly ActivityCollector _activities = new();
    private readonly MetricPrinter _metrics;
    private readonly BaseExportingMetricReader _reader;
    private readonly TracerProvider _tracerProvider;
    private readonly MeterProvider _meterProvider;

    public TelemetryPrinter(IAnsiConsole console)
    {
        _console = console;
        _metrics = new MetricPrinter(console);
        _reader = new BaseExportingMetricReader(_metrics);
        _tracerProvider = Sdk.CreateTracerProviderBuilder()
            .AddMicroscaleGuardInstrumentation()
            .AddProcessor(_activities)
            .Build();
        _meterProvider = Sdk.CreateMeterProviderBuilder()
            .AddMicroscaleGuardInstrumentation()
            .AddReader(_reader)
            .Build();
    }

    /// <summary>Prints the activities that ended since the last call.</summary>
    public void PrintActivities()
    {
        foreach (var tree in ActivityTrees.Of(_activities.Drain()))
        {
            _console.Write(new Padder(tree, new Padding(1, 0, 0, 1)));
        }
    }

    /// <summary>Prints the metrics since the start.</summary>
    public void PrintMetrics()
    {
        _console.Write(new Rule("Metrics") { Justification = Justify.Left });
        _metrics.IsPrinting = true;
        _reader.Collect();
        _metrics.IsPrinting = false;
    }

    public void Dispose()
    {
        _tracerProvider.Dispose();
        _meterProvider.Dispose();
        _reader.Dispose();
        _metrics.Dispose();
        _activities.Dispose();
    }

    private sealed class ActivityCollector : BaseProcessor<Activity>
    {
        private readonly Lock _lock = new();
        private List<Activity> _ended = [];

        public override void OnEnd(Activity data)
        {
            lock (_lock)
            {
                _ended.Add(data);
            }
        }

        public IReadOnlyList<Activity> Drain()
        {
            lock (_lock)
            {
                var ended = _ended;
                _ended = [];
                return ended;
            }
        }
    }
}
