using System.Text;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation.Tests.Evaluators;

public class ScorerEvaluatorTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Capital of Norway?")];

    [Fact]
    public async Task Evaluate_LogProbabilitiesOfTheResponse_AreScored()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "Oslo"));
        response.SetLogProbabilities([Token("Os", 0.8), Token("lo", 0.5)]);
        var metric = await EvaluateAsync(new ScorerEvaluator(Confidence.TokenProbability(TokenAggregation.Product)), response);
        Assert.Equal(0.4, metric.Value!.Value, 1e-9);
        Assert.Null(metric.Interpretation);
        Assert.Equal("false", metric.Metadata!["calibrated"]);
    }

    [Fact]
    public async Task Evaluate_SamplesOfTheClient_AreScored()
    {
        using var model = new ScriptedChatClient { Respond = call => call.Options?.Temperature == 1 ? "Oslo." : "Bergen." };
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "Oslo."));
        var metric = await EvaluateAsync(new ScorerEvaluator(Confidence.Consistency(samples: 3), minimum: 0.9), response, new ChatConfiguration(model));
        Assert.Equal(1, metric.Value!.Value, 1e-9);
        Assert.True(metric.Interpretation is { Failed: false, Rating: EvaluationRating.Good });
        Assert.Equal(3, model.Calls.Count);
        Assert.False(model.IsDisposed);
    }

    [Theory]
    [InlineData(0.6, false)]
    [InlineData(0.59, true)]
    public async Task Evaluate_Minimum_PassesOrNot(double score, bool failed)
    {
        var metric = await EvaluateAsync(new ScorerEvaluator(new ScriptedScorer(_ => score), minimum: 0.6), Text("x"));
        Assert.Equal(failed, metric.Interpretation!.Failed);
    }

    [Fact]
    public async Task Evaluate_NoScore_FailsAndSaysWhatIsMissing()
    {
        IConfidenceScorer[] scorers =
        [
            Confidence.Perplexity(),
            Confidence.Consistency(samples: 2),
            Confidence.PTrue(),
            new ScriptedScorer(_ => null),
            new ScriptedScorer(_ => 1) { Misbehaviour = Misbehaviour.Throws },
            new ScriptedScorer(_ => 1) { Misbehaviour = Misbehaviour.Lies },
            new ScriptedScorer(_ => 1) { Misbehaviour = Misbehaviour.ReturnsNull },
        ];
        foreach (var scorer in scorers)
        {
            var metric = await EvaluateAsync(new ScorerEvaluator(scorer), Text("Oslo."));
            Assert.Null(metric.Value);
            Assert.True(metric.Interpretation!.Failed);
            Assert.Equal(EvaluationDiagnosticSeverity.Error, Assert.Single(metric.Diagnostics!).Severity);
        }
    }

    [Fact]
    public async Task Evaluate_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var evaluator = new ScorerEvaluator(new ScriptedScorer(_ => 1) { Misbehaviour = Misbehaviour.Hangs });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await evaluator.EvaluateAsync(Question, Text("x"), cancellationToken: stop.Token));
    }

    [Fact]
    public void Create_MinimumOutOfRange_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScorerEvaluator(new ScriptedScorer(_ => 1), minimum: 60));

    private static ChatResponse Text(string text) => new(new ChatMessage(ChatRole.Assistant, text));

    private static TokenLogProbability Token(string text, double probability) => new(Encoding.UTF8.GetBytes(text), Math.Log(probability));

    private static async Task<NumericMetric> EvaluateAsync(ScorerEvaluator evaluator, ChatResponse response, ChatConfiguration? chat = null)
    {
        var result = await evaluator.EvaluateAsync(Question, response, chat);
        Assert.Equal(evaluator.EvaluationMetricNames, result.Metrics.Keys);
        return result.Get<NumericMetric>(evaluator.MetricName);
    }
}
