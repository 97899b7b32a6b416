using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class EngineMetricTests
{
    [Fact]
    public async Task RequestsOfTheLocalEngine_AreSeenWaitingAndRunning()
    {
        using var listening = new Listening();
        using var client = LocalModels.CreateChatClient(options: new() { MaxConcurrentRequests = 1, ModelId = "engine-test" });
        using var stop = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 3).Select(_ => client.GetResponseAsync(
            "Tell me a very long story.", new ChatOptions { MaxOutputTokens = 1_000, Temperature = 2 }, stop.Token)).ToList();

        while (Value("running") != 1 || Value("queue") != 2)
        {
            Assert.All(requests, r => Assert.False(r.IsCompleted));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(requests));
        Assert.Equal(0, Value("queue"));
        client.Dispose();
        Assert.DoesNotContain("gen_ai.request.model=engine-test", listening.Metric("microscale.guard.engine.queue").Keys);

        long Value(string what) => listening.Metric($"microscale.guard.engine.{what}")["gen_ai.request.model=engine-test"].GetGaugeLastValueLong();
    }
}
