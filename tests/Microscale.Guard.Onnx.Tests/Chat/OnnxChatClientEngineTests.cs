using System.Text;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>Samples, scored continuations and remembered conversations of the real model.</summary>
/// <remarks>8-bit layers make hundredths out of the rounding of another kernel, so log-probabilities are compared within 0.05. Reading
/// in other chunks or beside other rows uses the same kernels; only tokens that were read one by one differ (see
/// GoldenAnswerTests).</remarks>
[Collection(nameof(ChatModelCollection))]
public class OnnxChatClientEngineTests(ChatModel model)
{
    private const string Question = "What is the capital of France?";

    private static readonly CancellationToken s_cancel = TestContext.Current.CancellationToken;

    private OnnxChatClient Client => model.Client;

    [Fact]
    public async Task GenerateSamplesAsync_Greedy_AreTheSingleAnswer()
    {
        var options = new ChatOptions { MaxOutputTokens = 12 };
        options.RequestLogProbabilities(2);
        var single = await Client.GetResponseAsync(Question, options, s_cancel);

        var samples = await Client.GenerateSamplesAsync([new(ChatRole.User, Question)], 3, options, s_cancel);

        Assert.Equal(3, samples.Count);
        Assert.All(samples, s => Assert.Equal(single.Text, s.Text));
        Assert.All(samples, s => Assert.Equal(single.FinishReason, s.FinishReason));
        Assert.All(samples, s => AssertClose(single.GetLogProbabilities()!, s.GetLogProbabilities()!));
        Assert.Equal(37 + samples.Sum(s => s.Usage!.OutputTokenCount), samples.Sum(s => s.Usage!.TotalTokenCount));
        Assert.Equal(3, samples.Select(s => s.ResponseId).Distinct().Count());
    }

    [Fact]
    public async Task GenerateSamplesAsync_MoreThanRunAtATime_AreDifferentAndRepeatable()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { MaxConcurrentRequests = 4 });
        var options = new ChatOptions { MaxOutputTokens = 8, Temperature = 1.5f, Seed = 5 };

        var first = await client.GenerateSamplesAsync([new(ChatRole.User, "Tell me a story.")], 6, options, s_cancel);
        var second = await Client.GenerateSamplesAsync([new(ChatRole.User, "Tell me a story.")], 6, options, s_cancel);

        Assert.Equal(first.Select(r => r.Text), second.Select(r => r.Text));
        Assert.True(first.Select(r => r.Text).Distinct().Count() >= 5);
    }

    [Fact]
    public async Task GenerateSamplesAsync_NoSample_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => Client.GenerateSamplesAsync([new(ChatRole.User, Question)], 0, null, s_cancel));

    [Fact]
    public async Task ScoreContinuationsAsync_GoldenAnswers_HaveTheGoldenLogProbabilities()
    {
        foreach (var golden in Golden.Answers)
        {
            var scores = await Client.ScoreContinuationsAsync([new(ChatRole.User, golden.Question)], [golden.GreedyText, "No."], null, s_cancel);

            Assert.Equal(2, scores.Count);
            Assert.Equal(golden.GreedyText, Spell(scores[0]));
            Assert.Equal("No.", Spell(scores[1]));

            // Text becomes the tokens that were generated, as a rule; where it does not, the scores are those of other tokens.
            var same = golden.LogProbabilities.Zip(scores[0]).TakeWhile((p, i) => golden.GreedyIds.Length > i).ToList();
            Assert.All(same, p => Assert.Equal(p.First, p.Second.LogProbability, 0.05));
        }
    }

    [Fact]
    public async Task ScoreContinuationsAsync_NothingToScore_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScoreContinuationsAsync([new(ChatRole.User, Question)], [], null, s_cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ScoreContinuationsAsync([new(ChatRole.User, Question)], ["Yes", ""], null, s_cancel));
    }

    [Fact]
    public async Task GetResponseAsync_SecondQuestion_ReadsOnlyWhatIsNew()
    {
        using var client = new OnnxChatClient(TestModels.Chat);
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief and kind."), new(ChatRole.User, "Hi, who are you?")];
        var first = await client.GetResponseAsync(messages, new() { MaxOutputTokens = 30 }, s_cancel);
        var before = client.Statistics;
        messages.AddRange([.. first.Messages, new(ChatRole.User, "And what can you do?")]);
        var options = new ChatOptions { MaxOutputTokens = 6 };
        options.RequestLogProbabilities(5);

        var second = await client.GetResponseAsync(messages, options, s_cancel);

        // All but the end of the answer, which was chosen and never read, and what follows it.
        var reused = client.Statistics.CachedPromptTokens - before.CachedPromptTokens;
        Assert.InRange(reused, first.Usage!.TotalTokenCount!.Value - 2, first.Usage.TotalTokenCount.Value + 1);

        using var forgetful = new OnnxChatClient(TestModels.Chat, new() { PrefixCacheBytes = 0 });
        var fresh = await forgetful.GetResponseAsync(messages, options, s_cancel);
        Assert.Equal(0, forgetful.Statistics.CachedPromptTokens);
        Assert.Equal(fresh.GetLogProbabilities()![0].LogProbability, second.GetLogProbabilities()![0].LogProbability, 0.5);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public async Task GetResponseAsync_DirectSteps_AreCounted(bool directSteps, bool exactSteps, bool direct)
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { DirectSteps = directSteps, ExactSteps = exactSteps });

        var response = await client.GetResponseAsync(Question, new() { MaxOutputTokens = 8 }, s_cancel);

        Assert.NotEmpty(response.Text);
        Assert.True(client.Statistics.DecodeSteps > 0);
        Assert.Equal(direct ? client.Statistics.DecodeSteps : 0, client.Statistics.DirectDecodeSteps);
        Assert.Null(client.Statistics.DirectStepsFault);
    }

    [Fact]
    public async Task GetResponseAsync_ExactStepsOfAConversation_AreTheSameWithAndWithoutTheCache()
    {
        using var caching = new OnnxChatClient(TestModels.Chat, new() { ExactSteps = true });
        using var forgetful = new OnnxChatClient(TestModels.Chat, new() { ExactSteps = true, PrefixCacheBytes = 0 });
        List<ChatMessage> messages = [new(ChatRole.User, "Hi, who are you?")];
        var options = new ChatOptions { MaxOutputTokens = 10 };
        options.RequestLogProbabilities(2);
        for (var turn = 0; turn < 3; turn++)
        {
            var (cached, fresh) = (await caching.GetResponseAsync(messages, options, s_cancel), await forgetful.GetResponseAsync(messages, options, s_cancel));
            AssertClose(fresh.GetLogProbabilities()!, cached.GetLogProbabilities()!);
            messages.AddRange([.. fresh.Messages, new(ChatRole.User, "Go on.")]);
        }

        Assert.True(caching.Statistics.CachedPromptTokens > 60);
    }

    [Fact]
    public async Task GetResponseAsync_QueueFull_NamesTheOption()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { MaxConcurrentRequests = 1, MaxQueuedRequests = 0 });
        await foreach (var update in client.GetStreamingResponseAsync("Tell me a long story.", new() { MaxOutputTokens = 4000 }, s_cancel))
        {
            var exception = await Assert.ThrowsAsync<RequestQueueFullException>(() => client.GetResponseAsync(Question, null, s_cancel));
            Assert.Contains("OnnxChatClientOptions.MaxConcurrentRequests", exception.Message, StringComparison.Ordinal);
            break;
        }

        Assert.NotEmpty((await client.GetResponseAsync(Question, new() { MaxOutputTokens = 2 }, s_cancel)).Text);
    }

    [Fact]
    public async Task GetResponseAsync_MinPOfOne_LeavesTheMostProbable()
    {
        var greedy = await Client.GetResponseAsync(Question, new() { MaxOutputTokens = 8 }, s_cancel);

        var options = new ChatOptions { MaxOutputTokens = 8, Temperature = 1.5f, Seed = 1, AdditionalProperties = new() { ["min_p"] = 0.99 } };
        Assert.Equal(greedy.Text, (await Client.GetResponseAsync(Question, options, s_cancel)).Text);
    }

    [Fact]
    public void GetService_Capabilities_AreTheClient()
    {
        Assert.Same(Client, ((IChatClient)Client).GetService<ISampleGenerator>());
        Assert.Same(Client, ((IChatClient)Client).GetService<IContinuationScorer>());
    }

    private static string Spell(IEnumerable<TokenLogProbability> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(t => t.Utf8Bytes.ToArray())]);

    private static void AssertClose(IReadOnlyList<TokenLogProbability> expected, IReadOnlyList<TokenLogProbability> actual)
    {
        Assert.Equal(Spell(expected), Spell(actual));
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First.LogProbability, p.Second.LogProbability, 0.05));
    }
}
