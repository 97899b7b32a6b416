using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Microscale.Guard.Onnx;

/// <summary>Tells the guard's meter what the engines of this process have to do, summed by model. Engines are read only when
/// somebody collects.</summary>
internal static class EngineMeter
{
    private static readonly Meter Meter = new(GuardTelemetryNames.Source, typeof(EngineMeter).Assembly.GetName().Version?.ToString());
    private static readonly ConditionalWeakTable<OnnxChatClient, object?> Clients = [];

    static EngineMeter()
    {
        Meter.CreateObservableGauge(
            GuardTelemetryNames.Instruments.EngineQueue, () => Measure(s => s.QueuedRequests), "{request}", "Requests that wait for a place in the local engine.");
        Meter.CreateObservableGauge(
            GuardTelemetryNames.Instruments.EngineRunning, () => Measure(s => s.RunningSequences), "{sequence}", "Answers that the local engine is making.");
    }

    public static void Add(OnnxChatClient client) => Clients.Add(client, null);

    public static void Remove(OnnxChatClient client) => Clients.Remove(client);

    private static List<Measurement<int>> Measure(Func<OnnxEngineStatistics, int> read) =>
        [.. Clients.Select(c => c.Key).GroupBy(c => GuardInstruments.Models.Bound(c.ModelId)).Select(model => new Measurement<int>(
            model.Sum(c => read(c.Statistics)),
            new KeyValuePair<string, object?>(GuardTelemetryNames.Attributes.RequestModel, model.Key)))];
}
