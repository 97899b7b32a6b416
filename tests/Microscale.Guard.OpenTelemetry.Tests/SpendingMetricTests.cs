using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class SpendingMetricTests
{
    private static readonly TokenPrices Prices = new()
    {
        Currency = "EUR",
        Models =
        {
            ["scripted"] = new() { InputPerMillion = 1, OutputPerMillion = 10 },
            ["judge"] = new() { InputPerMillion = 1_000, OutputPerMillion = 0 },
            ["judge-large"] = new() { InputPerMillion = 2_000, OutputPerMillion = 0 },
        },
    };

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task SamplesRepairsAndJudges_CostWhatTheirModelsDo(bool streaming)
    {
        using var listening = new Listening();
        using var judge = new ScriptedChatClient(new ScriptedReply("""{"verdicts":[{"claim":1,"reason":"It says so.","verdict":"supported"}]}""") { ModelId = "judge-large-2026" });
        using var client = new ScriptedChatClient { Respond = call => call.Messages.Count == 1 ? "Confidential was 1977." : GuardedChain.Right }.Guarded(
            g => g.RepairUpTo(1).PriceTokens(Prices)
                .VerifyWith(new JudgeVerifier(judge, new() { SwapOrder = false }))
                .ConfigureAbstention(o => o.Streaming = StreamingMode.Buffered),
            scorer: Confidence.Consistency(2));

        await client.AskAsync(streaming);

        // Two drafts with two samples each, of which the first draft is not the guard's; the judge sees what was not contradicted.
        var tokens = listening.Metric("microscale.guard.tokens").ToDictionary(p => p.Key, p => p.Value.GetSumLong());
        Assert.Equal(5 * 10, tokens["gen_ai.response.model=scripted gen_ai.token.type=input"]);
        Assert.Equal(5 * 5, tokens["gen_ai.response.model=scripted gen_ai.token.type=output"]);
        Assert.Equal(10, tokens["gen_ai.response.model=judge-large-2026 gen_ai.token.type=input"]);
        var costs = listening.Metric("microscale.guard.cost").ToDictionary(p => p.Key, p => p.Value.GetSumDouble());
        Assert.Equal(5 * ((10 * 1) + (5 * 10)) / 1e6, costs["gen_ai.response.model=scripted microscale.guard.currency=EUR"], 12);
        Assert.Equal(10 * 2_000 / 1e6, costs["gen_ai.response.model=judge-large-2026 microscale.guard.currency=EUR"], 12);
    }

    [Fact]
    public async Task ModelWithoutAPrice_CostsNothingThatIsTold()
    {
        using var listening = new Listening();
        using var client = new ScriptedChatClient { Respond = call => new ScriptedReply(call.Messages.Count == 1 ? GuardedChain.Wrong : GuardedChain.Right) { ModelId = "unpriced" } }
            .Guarded(g => g.RepairUpTo(1).PriceTokens(Prices));

        await client.AskAsync(streaming: false);

        Assert.NotEmpty(listening.Metric("microscale.guard.tokens"));
        Assert.Empty(listening.Metric("microscale.guard.cost"));
    }

    [Fact]
    public async Task Prices_ComeFromConfiguration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Prices:Currency"] = "CHF",
            ["Prices:Models:scripted:InputPerMillion"] = "3",
            ["Prices:Models:scripted:OutputPerMillion"] = "0",
        }).Build();
        using var listening = new Listening();
        using var client = GuardedChain.Model.Guarded(g => g.RepairUpTo(1).Configure(configuration));

        await client.AskAsync(streaming: false);

        var (tags, point) = Assert.Single(listening.Metric("microscale.guard.cost"));
        Assert.Equal("gen_ai.response.model=scripted microscale.guard.currency=CHF", tags);
        Assert.Equal(10 * 3 / 1e6, point.GetSumDouble(), 12);
    }

    [Fact]
    public void BadPrice_IsRefused() => Assert.Contains("'x'", Assert.Throws<InvalidOperationException>(() =>
        GuardedChain.Model.Guarded(g => g.PriceTokens(new() { Models = { ["x"] = new() { InputPerMillion = -1 } } }))).Message, StringComparison.Ordinal);
}
