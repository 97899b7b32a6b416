using Microscale.Guard.Onnx;
using Microscale.Guard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>A web host that Prometheus can scrape, with guards to which everything happens that they measure.</summary>
internal sealed class BusyHost : IAsyncDisposable
{
    private static readonly CalibrationArtefact Calibration = CalibrationArtefact.Fit(
        Enumerable.Range(0, 300).Select(i => new LabelledScore(i / 299.0, i >= 120)), new("scripted", "scripted", null));

    private readonly WebApplication _server;
    private readonly OnnxChatClient _local = LocalModels.CreateChatClient();
    private readonly IChatClient _delivering = new ScriptedChatClient(GuardedChain.Right).Guarded();
    private readonly IChatClient _abstaining = new ScriptedChatClient(GuardedChain.Wrong).Guarded();
    private readonly IChatClient _repairing = GuardedChain.Model.Guarded(g => g.RepairUpTo(1).PriceTokens(
        new() { Models = { ["scripted"] = new() { InputPerMillion = 1, OutputPerMillion = 2 } } }));

    private readonly IChatClient _lacking = new ScriptedChatClient(GuardedChain.Right).Guarded(source: new ScriptedEvidenceSource());
    private readonly IChatClient _failing = new ScriptedChatClient(GuardedChain.Right)
        .Guarded(scorer: new ScriptedScorer(_ => 0.9) { Misbehaviour = Misbehaviour.Throws });

    private readonly IChatClient _calibrated = new ScriptedChatClient("Blue.").AsBuilder().UseHallucinationGuard(g => g
        .ScoreWith(new ScriptedScorer(_ => 0.9).CalibratedBy(Calibration))
        .AbstainToMeet(0.05, Calibration)
        .ConfigureAbstention(o => o.Drift = new(Calibration, new() { MinimumCount = 20 }))).Build();

    private readonly ServiceProvider _services = new ServiceCollection().AddHybridCache().Services.BuildServiceProvider();
    private readonly IChatClient _sharing;

    private BusyHost(WebApplication server) 
    {
        _server = server;
        _sharing = new ScriptedChatClient(GuardedChain.Right).Guarded(
            g => g.ShareVerdicts(_services.GetRequiredService<HybridCache>()), verifier: new RepeatableVerifier());
    }

    /// <summary>How often each thing happened.</summary>
    public int Rounds { get; private set; }

    public Uri Address => new(_server.Urls.Single());

    public static async Task<BusyHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenTelemetry()
            .AddMicroscaleGuard()
            .WithMetrics(m => m.SetExemplarFilter(ExemplarFilterType.TraceBased).AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0));
        var server = builder.Build();
        server.MapPrometheusScrapingEndpoint();
        await server.StartAsync();
        return new BusyHost(server);
    }

    /// <summary>Lets everything happen some times more: an answer is delivered plainly and by a stream, repaired, withheld three times as
    /// contradicted, once for want of evidence and once because a scorer failed; five are calibrated, and one request goes around
    /// the guard; one has a verdict that is shared with the rounds before.</summary>
    public async Task WorkAsync(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await _delivering.AskAsync(streaming: false);
            await _delivering.AskAsync(streaming: true);
            await _repairing.AskAsync(streaming: false);
            await _lacking.AskAsync(streaming: false);
            await _failing.AskAsync(streaming: false);
            await _sharing.AskAsync(streaming: false);
            for (var j = 0; j < 3; j++)
            {
                await _abstaining.AskAsync(streaming: false);
            }

            for (var j = 0; j < 5; j++)
            {
                await _calibrated.AskAsync(streaming: false);
            }

            await _delivering.AskAsync(streaming: false, new ChatOptions().BypassGuard("A test."));
            Rounds++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var client in (IChatClient[])[_local, _delivering, _abstaining, _repairing, _lacking, _failing, _calibrated, _sharing])
        {
            client.Dispose();
        }

        await _services.DisposeAsync();
    }

    /// <summary>A verifier whose findings may be kept.</summary>
    private sealed class RepeatableVerifier : IClaimVerifier
    {
        private readonly IClaimVerifier _verifier = GuardedChain.Verifier;

        public string Name => _verifier.Name;

        public string CacheKey => "repeatable";

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default) =>
            _verifier.VerifyAsync(context, cancellationToken);
    }
}
