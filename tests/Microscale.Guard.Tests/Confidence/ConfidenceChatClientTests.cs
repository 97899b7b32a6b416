using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class ConfidenceChatClientTests
{
    private static readonly ScriptedReply Reply = new("In 1965. It was cold.") { LogProbabilities = [Math.Log(0.5), Math.Log(0.8)] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_LogProbabilities_AreRequestedHarvestedAndScored(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability(TokenAggregation.Product, TokenScope.All));

        var response = await client.Ask(streaming);

        var report = response.GetGuardReport()!;
        Assert.Equal(0.5 * Math.Pow(0.8, 4), report.Confidence!.Value!.Value, 1e-9);
        Assert.Equal(Reply.Text.Length, report.ScoredLength);
        Assert.Empty(report.Faults);
        Assert.Null(report.Decision);
        Assert.Equal(5, Assert.Single(model.Calls).Options.GetRequestedLogProbabilities());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_AnyAnswer_KeepsTheResponse(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply with { FinishReason = ChatFinishReason.Length, OtherContents = [new TextReasoningContent("hm")] });
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => 0.7));

        var response = await client.Ask(streaming);

        Assert.Equal(Reply.Text, response.Text);
        Assert.Equal("r0", response.ResponseId);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
        var message = Assert.Single(response.Messages);
        Assert.Equal("m0", message.MessageId);
        Assert.Single(message.Contents.OfType<TextReasoningContent>());
        Assert.Equal(!streaming, response.RawRepresentation is ScriptedReply);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(3, 5)]
    [InlineData(10, 10)]
    public async Task Ask_CallersRequest_IsRaisedOnACopyAndNeverLowered(int? asked, int expected)
    {
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());
        var options = new ChatOptions { AdditionalProperties = new() { ["own"] = 1 } };
        if (asked is { } n)
        {
            options.RequestLogProbabilities(n);
        }

        await client.Ask(streaming: false, options);

        Assert.Equal(asked, options.GetRequestedLogProbabilities());
        Assert.Equal(expected, model.Calls[0].Options.GetRequestedLogProbabilities());
        Assert.Equal(1, model.Calls[0].Options!.AdditionalProperties!["own"]);
    }

    [Fact]
    public async Task Ask_ScorerWithoutNeeds_AsksForNothing()
    {
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => 0.7));

        await client.Ask(streaming: false);

        Assert.Null(Assert.Single(model.Calls).Options.GetRequestedLogProbabilities());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ModelWithoutLogProbabilities_SaysNotAvailableWithoutAFault(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply with { LogProbabilities = null });
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());

        var report = (await client.Ask(streaming)).GetGuardReport()!;

        Assert.Null(report.Confidence!.Value);
        Assert.NotNull(report.Confidence.Explanation);
        Assert.Empty(report.Faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ToolCall_IsPassedThroughUnjudged(bool streaming)
    {
        using var model = new ScriptedChatClient(new ScriptedReply("") { OtherContents = [new FunctionCallContent("c", "f")] });
        using var client = new ConfidenceChatClient(model, Confidence.Consistency());

        var response = await client.Ask(streaming);

        Assert.Null(response.GetGuardReport());
        Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>());
        Assert.Single(model.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_EmptyMessages_NamesTheRemedy(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());

        var exception = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            _ = streaming ? await client.GetStreamingResponseAsync([]).ToChatResponseAsync() : await client.GetResponseAsync([]);
        });

        Assert.Contains("at least one message", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_InnerReport_IsCompletedAndNotReplaced(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(
            new ConfidenceChatClient(model, new ScriptedScorer(_ => 7.5, "inner")), new ScriptedScorer(_ => 0.25, "outer"));

        var report = (await client.Ask(streaming)).GetGuardReport()!;

        Assert.Equal("outer", report.Confidence!.Scorer);
        Assert.Equal("inner", Assert.Single(report.Faults).Component);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Timings_SeparateModelAndScorer(bool streaming)
    {
        var clock = new FakeTimeProvider();
        using var model = new ScriptedChatClient
        {
            Respond = _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                return "A short answer";
            },
        };
        var scorer = new ScriptedScorer(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return 0.5;
        });
        using var client = new ConfidenceChatClient(model, scorer, new() { TimeProvider = clock });

        var timings = (await client.Ask(streaming)).GetGuardReport()!.Timings;

        Assert.Equal(TimeSpan.FromSeconds(3), timings.Generation);
        Assert.Equal(TimeSpan.FromSeconds(2), timings.Scoring);
        Assert.Equal(TimeSpan.FromSeconds(5), timings.Total);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ModelCancelledMidSentence_SurfacesAsCancellation(bool streaming)
    {
        using var model = new ScriptedChatClient(Reply with { Fault = new OperationCanceledException("model"), FaultAfter = 12 });
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Ask(streaming));

        Assert.Equal("model", exception.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_CallerCancels_SurfacesAsCancellation(bool streaming)
    {
        using var stop = new CancellationTokenSource();
        using var model = new ScriptedChatClient(Reply with { Hangs = true, FaultAfter = 12 });
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());

        var asking = client.Ask(streaming, cancellationToken: stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_CallerCancelsWhileScoring_SurfacesAsCancellation(bool streaming)
    {
        using var stop = new CancellationTokenSource();
        using var model = new ScriptedChatClient(Reply);
        using var client = new ConfidenceChatClient(model, new Cancelling(stop));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Ask(streaming, cancellationToken: stop.Token));
    }

    private sealed class Cancelling(CancellationTokenSource stop) : IConfidenceScorer
    {
        public string Name => "cancelling";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return new ConfidenceScore(Name, 1);
        }
    }
}
