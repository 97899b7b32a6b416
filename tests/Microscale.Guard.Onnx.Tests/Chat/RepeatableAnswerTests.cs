using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>Equal requests have equal answers, whatever else was asked before or is asked meanwhile.</summary>
/// <remarks>The last digits of this answer are near ties: any other way of computing a step shows in them.</remarks>
[Collection(nameof(ChatModelCollection))]
public sealed class RepeatableAnswerTests : IDisposable
{
    private const string Question = "What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?";

    private readonly OnnxChatClient _client = new(TestModels.Chat);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponseAsync_WithAndWithoutLogProbabilities_IsTheSameAnswer(bool askedFirst)
    {
        var first = await AskAsync(_client, askedFirst);
        var second = await AskAsync(_client, !askedFirst);
        var third = await AskAsync(_client, askedFirst);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Text, third.Text);
        Assert.Equal(first.LogProbabilities, third.LogProbabilities);
    }

    [Fact]
    public async Task GetResponseAsync_AfterOtherRequestsUsedTheBuffers_IsTheSameAnswer()
    {
        var fresh = await AskAsync(_client, logProbabilities: true);

        // More than 512 tokens, so the buffers are replaced by larger ones that hold other keys and values.
        await _client.GetResponseAsync(string.Concat(Enumerable.Repeat("Tell me a long story of a brown fox. ", 60)), new() { MaxOutputTokens = 4 });
        AssertSame(fresh, await AskAsync(_client, logProbabilities: true));

        await _client.GetResponseAsync("Who won the Nobel Prize?", new() { Temperature = 1.5f, Seed = 4, MaxOutputTokens = 30 });
        AssertSame(fresh, await AskAsync(_client, logProbabilities: true));
        Assert.Equal(fresh.Text, (await AskAsync(_client, logProbabilities: false)).Text);
    }

    [Fact]
    public async Task GetResponseAsync_BesideOtherRequests_IsTheSameAnswer()
    {
        var alone = await AskAsync(_client, logProbabilities: true);

        var others = Enumerable.Range(1, 2).Select(seed => _client.GetResponseAsync("Name three colors.", new() { Temperature = 1, Seed = seed, MaxOutputTokens = 20 })).ToList();
        var together = await Task.WhenAll(AskAsync(_client, logProbabilities: true), AskAsync(_client, logProbabilities: false));
        await Task.WhenAll(others);

        AssertSame(alone, together[0]);
        Assert.Equal(alone.Text, together[1].Text);
    }

    /// <summary>Bit by bit: the same kernels computed the same numbers.</summary>
    private static void AssertSame(Answer expected, Answer actual)
    {
        Assert.Equal(expected.Text, actual.Text);
        Assert.Equal(expected.LogProbabilities, actual.LogProbabilities);
    }

    private static async Task<Answer> AskAsync(OnnxChatClient client, bool logProbabilities)
    {
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 48 };
        if (logProbabilities)
        {
            options.RequestLogProbabilities(5);
        }

        var response = await client.GetResponseAsync(Question, options);
        Assert.Equal(logProbabilities, response.GetLogProbabilities() is not null);
        return new Answer(response.Text, [.. (response.GetLogProbabilities() ?? []).Select(t => t.LogProbability)]);
    }

    private sealed record Answer(string Text, double[] LogProbabilities);
}
