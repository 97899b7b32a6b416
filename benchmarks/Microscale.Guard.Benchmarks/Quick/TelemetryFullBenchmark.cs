using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What telemetry adds to a request whose model takes 50 ms, in percent: every trace sampled, metrics with exemplars, log
/// records, all sent by OTLP to a server in the process. Requests with and without it take turns; the medians count.</summary>
internal sealed class TelemetryFullBenchmark : IQuickBenchmark
{
    private const int Rounds = 12;
    private const int Requests = 8;
    private static readonly TimeSpan s_modelTime = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<string> Names { get; } = ["telemetry-full-percent"];

    public IReadOnlyList<double> Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<double>> RunAsync()
    {
        using var sink = Sink.Start();
        var (without, with) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            if (round == 1)
            {
                // The first round warmed up.
                without.Clear();
                with.Clear();
            }

            await MeasureAsync(NullLoggerFactory.Instance, without);
            using var tracer = Sdk.CreateTracerProviderBuilder().AddMicroscaleGuardInstrumentation().AddOtlpExporter(sink.For("traces")).Build();
            using var meter = Sdk.CreateMeterProviderBuilder().AddMicroscaleGuardInstrumentation()
                .SetExemplarFilter(ExemplarFilterType.TraceBased).AddOtlpExporter(sink.For("metrics")).Build();
            using var loggers = LoggerFactory.Create(l => l.SetMinimumLevel(LogLevel.Debug).AddOpenTelemetry(o => o.AddOtlpExporter(sink.For("logs"))));
            await MeasureAsync(loggers, with);
            if (!tracer.ForceFlush() || !meter.ForceFlush())
            {
                throw new InvalidOperationException("The telemetry was not taken.");
            }
        }

        return [(Median(with) / Median(without) - 1) * 100];
    }

    private static async Task MeasureAsync(ILoggerFactory loggers, List<double> milliseconds)
    {
        Evidence[] evidence = [new("e", "It was in 1965.")];
        using var client = new ChatClientBuilder(new Model()).UseHallucinationGuard(g => g
            .GroundWith(EvidenceSource.FromDelegate((_, _) => new(evidence)))
            .ScoreWith(new Scorer())
            .VerifyWith(ClaimVerifiers.FromDelegate("yes", (_, _, _) => new(new VerifierFinding("yes", Verdict.Supported))))
            .AbstainBelow(0.5)).Build(new Services(loggers));
        for (var i = 0; i < Requests; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await client.GetResponseAsync("When was it?");
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Model : IChatClient
    {
        private static readonly string s_text = string.Concat(Enumerable.Repeat("It was in 1965. ", 8));

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Task.Delay(s_modelTime, cancellationToken);
            return new(new ChatMessage(ChatRole.Assistant, s_text)) { ResponseId = "r", ModelId = "m", Usage = new() { InputTokenCount = 10, OutputTokenCount = 5 } };
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Scorer : IConfidenceScorer
    {
        public string Name => "sure";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default) => new(new ConfidenceScore(Name, 0.9));
    }

    private sealed class Services(ILoggerFactory loggers) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? loggers : null;
    }

    /// <summary>Takes whatever comes.</summary>
    private sealed class Sink : IDisposable
    {
        private readonly HttpListener _listener;
        private readonly string _address;

        private Sink(HttpListener listener, string address) => (_listener, _address) = (listener, address);

        [SuppressMessage("Reliability", "CA2000", Justification = "The sink owns its listener.")]
        public static Sink Start()
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            free.Stop();
            var listener = new HttpListener { Prefixes = { address } };
            listener.Start();
            _ = Task.Run(() => ServeAsync(listener));
            return new Sink(listener, address);
        }

        public Action<OtlpExporterOptions> For(string signal) => options =>
            (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri($"{_address}v1/{signal}"));

        public void Dispose() => _listener.Close();

        private static async Task ServeAsync(HttpListener listener)
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    await context.Request.InputStream.CopyToAsync(Stream.Null);
                    context.Response.Close();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
