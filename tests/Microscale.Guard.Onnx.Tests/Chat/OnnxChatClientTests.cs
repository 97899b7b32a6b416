using System.Text;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Chat;

[Collection(nameof(ChatModelCollection))]
public class OnnxChatClientTests(ChatModel model)
{
    private const string Question = "What is the capital of France?";

    private static readonly ChatTokenizer s_tokenizer = ChatTokenizer.Load(TestModels.Chat);

    private OnnxChatClient Client => model.Client;

    /// <summary>The golden texts are those of full precision; 8 bits choose otherwise where the two best tokens are near.</summary>
    [Fact]
    public async Task GetResponseAsync_GoldenQuestions_GivesTheGoldenTextsUpToNearTies()
    {
        foreach (var golden in Golden.Answers)
        {
            var tokens = (await Client.GetResponseAsync(golden.Question, WithLogProbabilities(golden))).GetLogProbabilities()!;
            var same = CommonTokens(golden, tokens);
            if (same < Math.Min(tokens.Count, GoldenBytes(golden).Count))
            {
                var expected = GoldenBytes(golden)[same];
                var alternative = tokens[same].TopAlternatives.FirstOrDefault(a => a.Utf8Bytes.Span.SequenceEqual(expected));
                Assert.True(
                    alternative is not null && tokens[same].LogProbability - alternative.LogProbability < 0.5,
                    $"{golden.Question} {Spell(tokens)}");
            }
        }
    }

    [Fact]
    public async Task GetResponseAsync_ExactSteps_HasTheGoldenLogProbabilities()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { ExactSteps = true });
        var compared = 0;
        foreach (var golden in Golden.Answers)
        {
            var tokens = (await client.GetResponseAsync(golden.Question, WithLogProbabilities(golden))).GetLogProbabilities()!;
            var same = CommonTokens(golden, tokens);
            Assert.All(tokens.Take(same).Zip(golden.LogProbabilities), p => Assert.Equal(p.Second, p.First.LogProbability, 0.05));
            compared += same;
        }

        Assert.True(compared > 30, $"{compared}");
    }

    [Fact]
    public async Task GetResponseAsync_DrummondQuestion_IsAnsweredByAnInvention()
    {
        var golden = Golden.Answers.Single(g => g.Question.Contains("Drummond", StringComparison.Ordinal));

        var response = await Client.GetResponseAsync(golden.Question);

        // The digits of the year are a toss-up.
        Assert.StartsWith(golden.GreedyText[..golden.GreedyText.IndexOf("13", StringComparison.Ordinal)], response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseAsync_Answer_HasAllThatAResponseHas()
    {
        var response = await Client.GetResponseAsync(Question, new() { MaxOutputTokens = 3 });

        Assert.Equal("smollm2-135m-instruct-int8", response.ModelId);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(37, response.Usage!.InputTokenCount);
        Assert.Equal(3, response.Usage.OutputTokenCount);
        Assert.Equal(40, response.Usage.TotalTokenCount);
        Assert.NotNull(response.ResponseId);
        Assert.NotNull(response.CreatedAt);
        Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
        Assert.NotNull(response.Messages[0].MessageId);
        Assert.Null(response.GetLogProbabilities());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task GetStreamingResponseAsync_SameRequest_IsTheBufferedResponseInPieces(int? topAlternatives)
    {
        var options = new ChatOptions { Temperature = 1.2f, TopP = 0.9f, TopK = 200, Seed = 3, MaxOutputTokens = 24, StopSequences = ["\n\n", "zzz"] };
        if (topAlternatives is { } top)
        {
            options.RequestLogProbabilities(top);
        }

        var buffered = await Client.GetResponseAsync("Write a greeting in Japanese, with emoji 😀.", options);
        var updates = await Client.GetStreamingResponseAsync("Write a greeting in Japanese, with emoji 😀.", options).ToListAsync();

        var streamed = updates.ToChatResponse();
        Assert.Equal(buffered.Text, streamed.Text);
        Assert.Equal(buffered.FinishReason, streamed.FinishReason);
        Assert.Equal(buffered.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount);
        Assert.Equal(buffered.ModelId, streamed.ModelId);
        Assert.Single(updates.Select(u => u.ResponseId).Distinct());
        Assert.Single(updates.Select(u => u.MessageId).Distinct());
        Assert.All(updates, u => Assert.NotNull(u.CreatedAt));
        var tokens = updates.SelectMany(u => u.GetLogProbabilities() ?? []).ToList();
        Assert.Equal(buffered.GetLogProbabilities()?.Select(t => t.LogProbability) ?? [], tokens.Select(t => t.LogProbability));
        Assert.All(tokens, t => Assert.Equal(topAlternatives, t.TopAlternatives.Count));
        Assert.True(topAlternatives is null || Spell(tokens).StartsWith(buffered.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetResponseAsync_EqualSeeds_GiveEqualAnswersAndOthersOthers()
    {
        var answers = new List<string>();
        foreach (var seed in (long[])[7, 7, 8, 9])
        {
            answers.Add((await Client.GetResponseAsync("Tell me a story.", new() { Temperature = 1.5f, Seed = seed, MaxOutputTokens = 12 })).Text);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(3, answers.Distinct().Count());
    }

    [Fact]
    public async Task GetResponseAsync_StopSequenceAcrossTokens_EndsTheTextBeforeIt()
    {
        var whole = await Client.GetResponseAsync(Question, new() { MaxOutputTokens = 12 });
        var stop = whole.Text[4..9];

        var response = await Client.GetResponseAsync(Question, new() { MaxOutputTokens = 12, StopSequences = ["never", stop] });

        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseAsync_ConcurrentRequests_DoNotDisturbEachOther()
    {
        string[] questions = [Question, "What is 2 + 2?", "Name three primary colors.", "Who wrote the play Hamlet?", "What is the chemical symbol for gold?"];
        var options = new ChatOptions { MaxOutputTokens = 8 };
        var alone = new List<string>();
        foreach (var question in questions)
        {
            alone.Add((await Client.GetResponseAsync(question, options)).Text);
        }

        var together = await Task.WhenAll(questions.Select(q => Client.GetResponseAsync(q, options)));

        Assert.Equal(alone, together.Select(r => r.Text));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_ReaderLeavesOrCancels_EndsTheRequest()
    {
        await foreach (var update in Client.GetStreamingResponseAsync("Tell me a long story.", new() { MaxOutputTokens = 4000 }))
        {
            Assert.NotEmpty(update.Text);
            break;
        }

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Client.GetStreamingResponseAsync("Tell me a long story.", new() { MaxOutputTokens = 4000 }, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.GetResponseAsync(Question, null, stop.Token));
    }

    [Fact]
    public async Task GetResponseAsync_AfterManyCancelledRequests_StillAnswers()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { MaxConcurrentRequests = 1 });
        for (var i = 0; i < 3; i++)
        {
            using var stop = new CancellationTokenSource();
            await using var updates = client.GetStreamingResponseAsync(Question, null, stop.Token).GetAsyncEnumerator(CancellationToken.None);
            await updates.MoveNextAsync();
        }

        Assert.NotEmpty((await client.GetResponseAsync(Question, new() { MaxOutputTokens = 2 })).Text);
    }

    [Fact]
    public async Task Dispose_WhileAnswering_EndsTheAnswerClearly()
    {
        var client = new OnnxChatClient(TestModels.Chat);
        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Tell me a long story.", new() { MaxOutputTokens = 4000 }))
            {
                client.Dispose();
            }
        });

        Assert.Contains("disposed", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync(Question));
        client.Dispose();
    }

    [Fact]
    public async Task GetResponseAsync_ContextFullWhileAnswering_EndsWithLength()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { ContextLength = 45 });

        var response = await client.GetResponseAsync("Tell me a very long story.", new() { MaxOutputTokens = 100 });

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(45, response.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task GetResponseAsync_PromptLongerThanTheContext_NamesCountsAndRemedy()
    {
        using var client = new OnnxChatClient(TestModels.Chat, new() { ContextLength = 36 });

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync(Question));

        Assert.Contains("37 tokens", exception.Message, StringComparison.Ordinal);
        Assert.Contains("holds 36", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ContextLength", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetService_Metadata_NamesTheModel()
    {
        var metadata = ((IChatClient)Client).GetService<ChatClientMetadata>()!;

        Assert.Equal(Client.ModelId, metadata.DefaultModelId);
        Assert.Same(Client, ((IChatClient)Client).GetService<OnnxChatClient>());
        Assert.Null(((IChatClient)Client).GetService<string>());
    }

    private static string Spell(IEnumerable<TokenLogProbability> tokens) =>
        Encoding.UTF8.GetString([.. tokens.SelectMany(t => t.Utf8Bytes.ToArray())]);

    private static ChatOptions WithLogProbabilities(GoldenAnswer golden)
    {
        var options = new ChatOptions { MaxOutputTokens = golden.GreedyIds.Length };
        options.RequestLogProbabilities(5);
        return options;
    }

    private static List<byte[]> GoldenBytes(GoldenAnswer golden) =>
        [.. golden.GreedyIds.Where(t => !s_tokenizer.Bytes.IsSpecial(t)).Select(t => s_tokenizer.Bytes[t].ToArray())];

    private static int CommonTokens(GoldenAnswer golden, IReadOnlyList<TokenLogProbability> tokens) =>
        GoldenBytes(golden).Zip(tokens).TakeWhile(p => p.Second.Utf8Bytes.Span.SequenceEqual(p.First)).Count();
}
