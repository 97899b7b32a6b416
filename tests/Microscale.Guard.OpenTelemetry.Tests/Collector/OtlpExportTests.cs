using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Exemplar = OpenTelemetry.Proto.Metrics.V1.Exemplar;
using Metric = OpenTelemetry.Proto.Metrics.V1.Metric;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class OtlpExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddMicroscaleGuard_AllSignalsReachTheCollector(bool streaming)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        using (var host = Start(collector))
        {
            await host.Services.GetRequiredService<IChatClient>().AskAsync(streaming);
            Flush(host);
        }

        var spans = collector.Traces.SelectMany(t => t.ResourceSpans).SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans).ToList();
        var guard = Assert.Single(spans, s => s.Name == "guard");
        Assert.Equal("abstained", OtlpReceiver.Values(guard.Attributes)["microscale.guard.decision"]);
        Assert.Equal(global::OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode.Error, guard.Status.Code);
        Assert.Equal("abstained: contradicted", guard.Status.Message);
        var abstention = Assert.Single(guard.Events, e => e.Name == "microscale.guard.abstention");
        Assert.Equal("contradicted:scripted", OtlpReceiver.Values(abstention.Attributes)["microscale.guard.claim.failed"]);
        var attempt = Assert.Single(spans, s => s.Name == "guard.attempt");
        Assert.Equal(guard.SpanId, attempt.ParentSpanId);
        Assert.All(spans.Where(s => s.Name is "guard.generation" or "guard.verification"), s => Assert.Equal(attempt.SpanId, s.ParentSpanId));
        Assert.All(spans, s => Assert.Equal(guard.TraceId, s.TraceId));

        // A gated stream ends at the first wrong claim, the other draft has two.
        var verification = spans.First(s => s.Name == "guard.verification" && s.Events.Any(e => OtlpReceiver.Values(e.Attributes).ContainsValue("contradicted")));
        var log = collector.Logs.SelectMany(l => l.ResourceLogs).SelectMany(r => r.ScopeLogs).SelectMany(s => s.LogRecords)
            .First(r => r.EventName == "gen_ai.evaluation.result" && OtlpReceiver.Values(r.Attributes).ContainsValue("contradicted"));
        Assert.Equal((guard.TraceId, verification.SpanId), (log.TraceId, log.SpanId));
        Assert.Equal("r0", OtlpReceiver.Values(log.Attributes)["gen_ai.response.id"]);
        Assert.Equal("scripted", OtlpReceiver.Values(log.Attributes)["gen_ai.evaluation.name"]);

        var metrics = collector.Metrics.SelectMany(m => m.ResourceMetrics).SelectMany(r => r.ScopeMetrics).SelectMany(s => s.Metrics).ToLookup(m => m.Name);
        var requests = Assert.Single(metrics["microscale.guard.requests"].First().Sum.DataPoints);
        Assert.Equal(1, requests.AsInt);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["microscale.guard.decision"] = "abstained",
                ["microscale.guard.reason"] = "contradicted",
                ["microscale.guard.policy"] = "verdict+confidence_threshold",
                ["gen_ai.response.model"] = "scripted",
            },
            OtlpReceiver.Values(requests.Attributes));
        Assert.Equal(("s", 1UL), (metrics["microscale.guard.overhead"].First().Unit, metrics["microscale.guard.overhead"].First().Histogram.DataPoints[0].Count));
    }

    [Fact]
    public async Task Measurements_CarryTheTraceAsExemplar()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        using (var host = Start(collector))
        {
            await host.Services.GetRequiredService<IChatClient>().AskAsync(streaming: true);
            Flush(host);
        }

        var guard = collector.Traces.SelectMany(t => t.ResourceSpans).SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans).Single(s => s.Name == "guard");
        var metrics = collector.Metrics.SelectMany(m => m.ResourceMetrics).SelectMany(r => r.ScopeMetrics).SelectMany(s => s.Metrics).ToList();
        Assert.All(
            (string[])["microscale.guard.requests", "microscale.guard.claims", "microscale.guard.overhead", "microscale.guard.attempts", "microscale.guard.evidence"],
            name => Assert.Contains(Exemplars(metrics.First(m => m.Name == name)), e => e.TraceId == guard.TraceId));
    }

    [Fact]
    public async Task KeptTrace_HasTheResourceOfTheProvider()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var options = new OtlpExporterOptions();
        collector.For("traces")(options);
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService("shop"))
            .AddMicroscaleGuardInstrumentation()
            .KeepWithheldTraces(new AlwaysOffSampler(), new BatchActivityExportProcessor(new OtlpTraceExporter(options)))
            .Build())
        {
            using var client = new ScriptedChatClient(GuardedChain.Wrong).Guarded();
            await client.AskAsync(streaming: false);
            provider.ForceFlush();
        }

        var resource = Assert.Single(collector.Traces.SelectMany(t => t.ResourceSpans));
        Assert.Equal("shop", OtlpReceiver.Values(resource.Resource.Attributes)["service.name"]);
        Assert.Equal(6, resource.ScopeSpans.Sum(s => s.Spans.Count));
    }

    private static IHost Start(OtlpReceiver collector)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddChatClient(new ScriptedChatClient(GuardedChain.Wrong)).UseHallucinationGuard(g => g
            .GroundWith(new ScriptedEvidenceSource(GuardedChain.Evidence))
            .ScoreWith(new ScriptedScorer(_ => 0.9))
            .VerifyWith(GuardedChain.Verifier)
            .AbstainBelow(0.5));
        builder.Services.AddOpenTelemetry()
            .AddMicroscaleGuard()
            .WithTracing(t => t.AddOtlpExporter(collector.For("traces")))
            .WithMetrics(m => m.SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter(collector.For("metrics")))
            .WithLogging(l => l.AddOtlpExporter(collector.For("logs")));
        var host = builder.Build();
        host.Start();
        return host;
    }

    private static void Flush(IHost host)
    {
        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush());
        Assert.True(host.Services.GetRequiredService<LoggerProvider>().ForceFlush());
    }

    private static IEnumerable<Exemplar> Exemplars(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.SelectMany(p => p.Exemplars),
        _ => metric.Sum.DataPoints.SelectMany(p => p.Exemplars),
    };
}
