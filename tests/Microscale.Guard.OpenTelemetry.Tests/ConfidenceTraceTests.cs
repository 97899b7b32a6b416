using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class ConfidenceTraceTests
{
    private const string Question = "Which undisclosed year?";

    private static readonly ScriptedReply Reply = new("Confidential was 1965. Classified was 2013.") { LogProbabilities = [Math.Log(0.5)] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_IsOneGuardWithGenerationAndScoringBelow(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new TracedModel(Reply), Confidence.TokenProbability(TokenAggregation.Mean, TokenScope.All));

        ActivitySpanId root;
        using (var application = Listening.Application.StartActivity("application")!)
        {
            root = application.SpanId;
            await AskAsync(client, streaming);
        }

        var guard = listening.Single("guard");
        Assert.Equal(root, guard.ParentSpanId);
        Assert.Equal(streaming, guard.GetTagItem("microscale.guard.streaming"));
        var generation = listening.Single("guard.generation");
        Assert.Equal(guard.SpanId, generation.ParentSpanId);
        var scoring = listening.Single("guard.scoring");
        Assert.Equal(guard.SpanId, scoring.ParentSpanId);
        Assert.Equal("token_probability.mean.all", scoring.GetTagItem("microscale.guard.scorer"));
        Assert.Equal(0.5, (double)scoring.GetTagItem("microscale.guard.confidence")!, 1e-9);
        var model = listening.Activities.FindAll(a => a.OperationName is "call" or "read");
        Assert.NotEmpty(model);
        Assert.All(model, a => Assert.Equal(generation.SpanId, a.ParentSpanId));
        Assert.All(listening.Activities, a => Assert.Equal(ActivityStatusCode.Unset, a.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Score_IsAnEvaluationResultWithTheResponseId(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new TracedModel(Reply), Confidence.TokenProbability(TokenAggregation.Mean, TokenScope.All));

        await AskAsync(client, streaming);

        var result = Assert.Single(listening.Single("guard.scoring").Events);
        var tags = result.Tags.ToDictionary();
        Assert.Equal("gen_ai.evaluation.result", result.Name);
        Assert.Equal("token_probability.mean.all", tags["gen_ai.evaluation.name"]);
        Assert.Equal(0.5, (double)tags["gen_ai.evaluation.score.value"]!, 1e-9);
        Assert.Equal("raw", tags["gen_ai.evaluation.score.label"]);
        Assert.Equal("r0", tags["gen_ai.response.id"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MissingScore_IsAnEvaluationResultWithoutAValue(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(new TracedModel(Reply with { LogProbabilities = null }), Confidence.TokenProbability());

        await AskAsync(client, streaming);

        var tags = Assert.Single(listening.Single("guard.scoring").Events).Tags.ToDictionary();
        Assert.Equal("unavailable", tags["gen_ai.evaluation.score.label"]);
        Assert.DoesNotContain("gen_ai.evaluation.score.value", tags);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Samples_AreCallsBelowTheScoring(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(new TracedModel(Reply), Confidence.Consistency(3));

        await AskAsync(client, streaming);

        var scoring = listening.Single("guard.scoring");
        Assert.Equal(listening.Single("guard").SpanId, scoring.ParentSpanId);
        Assert.Equal(3, listening.Activities.Count(a => a.OperationName == "call" && a.ParentSpanId == scoring.SpanId));
        Assert.All(
            listening.Activities.Where(a => a.OperationName == "read"),
            a => Assert.Equal(listening.Single("guard.generation").SpanId, a.ParentSpanId));
    }

    [Fact]
    public async Task Stream_ConsumersActivities_StayTheConsumers()
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(new TracedModel(Reply), new ScriptedScorer(_ => 0.5));

        using (var application = Listening.Application.StartActivity("application")!)
        {
            await foreach (var update in client.GetStreamingResponseAsync(Question))
            {
                Assert.Same(application, Activity.Current);
                using var consuming = Listening.Application.StartActivity("consuming");
                await Task.Yield();
            }

            Assert.Same(application, Activity.Current);
            Assert.All(
                listening.Activities.Where(a => a.OperationName == "consuming"), a => Assert.Equal(application.SpanId, a.ParentSpanId));
        }

        var generation = listening.Single("guard.generation");
        Assert.All(listening.Activities.Where(a => a.OperationName == "read"), a => Assert.Equal(generation.SpanId, a.ParentSpanId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TwoBoxes_ShareOneGuard(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new ConfidenceChatClient(new TracedModel(Reply), new ScriptedScorer(_ => 0.1, "inner")), new ScriptedScorer(_ => 0.2, "outer"));

        await AskAsync(client, streaming);

        var guard = listening.Single("guard");
        Assert.Equal(2, listening.Activities.Count(a => a.OperationName == "guard.scoring"));
        Assert.All(listening.Activities, a => Assert.Equal(guard.TraceId, a.TraceId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamOrCall_ThatEndsEarly_EndsItsActivities(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(new TracedModel(Reply), Confidence.Consistency(2));

        if (streaming)
        {
            await foreach (var update in client.GetStreamingResponseAsync(Question))
            {
                break;
            }
        }
        else
        {
            using var stop = new CancellationTokenSource();
            var asking = new ConfidenceChatClient(new TracedModel(Reply with { Hangs = true }), Confidence.Consistency(2))
                .GetResponseAsync(Question, null, stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        Assert.NotNull(listening.Single("guard"));
        Assert.NotNull(listening.Single("guard.generation"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FaultyScorer_IsAnErrorOfTheScoring(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new TracedModel(Reply), new ScriptedScorer(_ => 0.1) { Misbehaviour = Misbehaviour.Throws });

        await AskAsync(client, streaming);

        var scoring = listening.Single("guard.scoring");
        Assert.Equal(ActivityStatusCode.Error, scoring.Status);
        Assert.Equal("System.InvalidOperationException", scoring.GetTagItem("error.type"));
        var fault = Assert.Single(listening.Metric("microscale.guard.faults"));
        Assert.Equal("error.type=System.InvalidOperationException microscale.guard.stage=confidence", fault.Key);
        Assert.Equal(1, fault.Value.GetSumLong());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FailingModel_IsAnErrorOfTheGeneration(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new TracedModel(Reply with { Fault = new InvalidOperationException("Classified"), FaultAfter = 14 }), Confidence.TokenProbability());

        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(client, streaming));

        var generation = listening.Single("guard.generation");
        Assert.Equal(ActivityStatusCode.Error, generation.Status);
        Assert.Equal("System.InvalidOperationException", generation.GetTagItem("error.type"));
        AssertNoContent(listening);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyRequest_RecordsNoContent(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(
            new TracedModel(Reply), Confidence.Ensemble(Confidence.TokenProbability(), Confidence.Consistency(2)));

        await AskAsync(client, streaming);

        Assert.True(listening.Activities.Count >= 5);
        AssertNoContent(listening);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_IsMeasured(bool streaming)
    {
        using var listening = new Listening();
        using var client = new ConfidenceChatClient(new TracedModel(Reply), Confidence.Consistency(3));

        await AskAsync(client, streaming);
        await AskAsync(client, streaming);

        var confidence = Assert.Single(listening.Metric("microscale.guard.confidence"));
        Assert.Equal("microscale.guard.scorer=consistency.lexical", confidence.Key);
        Assert.Equal(2, confidence.Value.GetHistogramCount());
        Assert.Equal(2.0, confidence.Value.GetHistogramSum());
        var tokens = listening.Metric("microscale.guard.tokens");
        Assert.Equal(2 * 3 * 10, tokens["gen_ai.response.model=scripted gen_ai.token.type=input"].GetSumLong());
        Assert.Equal(2 * 3 * 5, tokens["gen_ai.response.model=scripted gen_ai.token.type=output"].GetSumLong());
    }

    private static async Task AskAsync(IChatClient client, bool streaming)
    {
        if (streaming)
        {
            await client.GetStreamingResponseAsync(Question).ToChatResponseAsync();
        }
        else
        {
            await client.GetResponseAsync(Question);
        }
    }

    private static void AssertNoContent(Listening listening)
    {
        foreach (var activity in listening.Activities)
        {
            var values = activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)).Select(t => t.Value?.ToString())
                .Append(activity.DisplayName)
                .Append(activity.StatusDescription);
            foreach (var word in (string[])["undisclosed", "Confidential", "Classified", "1965", "2013"])
            {
                Assert.DoesNotContain(values, v => v?.Contains(word, StringComparison.OrdinalIgnoreCase) is true);
            }
        }
    }
}
