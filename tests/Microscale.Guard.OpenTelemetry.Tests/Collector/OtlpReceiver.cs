using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>A collector of the test's own: takes OTLP over HTTP on the loopback interface and keeps it, decoded by the protocol's own
/// definitions.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpReceiver(WebApplication server) => _server = server;

    public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

    public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

    public ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        Take("/v1/traces", ExportTraceServiceRequest.Parser, receiver.Traces);
        Take("/v1/metrics", ExportMetricsServiceRequest.Parser, receiver.Metrics);
        Take("/v1/logs", ExportLogsServiceRequest.Parser, receiver.Logs);
        await receiver._server.StartAsync();
        return receiver;

        void Take<T>(string path, MessageParser<T> parser, ConcurrentQueue<T> received)
            where T : IMessage<T> => receiver._server.MapPost(path, async (HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                received.Enqueue(parser.ParseFrom(body.ToArray()));

                // An empty message says that all was taken.
                context.Response.ContentType = "application/x-protobuf";
            });
    }

    /// <summary>How an exporter sends to it.</summary>
    /// <param name="signal">traces, metrics or logs.</param>
    public Action<OtlpExporterOptions> For(string signal) => options =>
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri($"{_server.Urls.Single()}/v1/{signal}");
    };

    public static Dictionary<string, object?> Values(IEnumerable<KeyValue> attributes) =>
        attributes.ToDictionary(a => a.Key, a => Value(a.Value));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static object? Value(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.ArrayValue => string.Join(", ", value.ArrayValue.Values.Select(Value)),
        _ => value.ToString(),
    };
}
