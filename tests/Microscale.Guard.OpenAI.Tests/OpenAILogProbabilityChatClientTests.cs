using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace Microscale.Guard.OpenAI.Tests;

public class OpenAILogProbabilityChatClientTests
{
    private const string Refusal =
        """{"error":{"message":"'logprobs' is not supported with this model.","type":"invalid_request_error","param":"logprobs","code":"unsupported_parameter"}}""";

    private static readonly ChatOptions Wanted = With(new(), 2);

    public static TheoryData<bool, bool> Ways => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_RequestThatWantsThem_SendsTheFieldsAndReadsTheTokens(bool isResponses, bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isResponses, isStream, withLogProbabilities: true));
        using var client = Connect(server, isResponses);

        var (text, tokens) = await AskAsync(client, isStream, Wanted);

        Assert.Equal(Payloads.Answer, text);
        Assert.Equal(Payloads.Tokens.SelectMany(t => t.Bytes), tokens.SelectMany(t => t.Utf8Bytes.ToArray()));
        Assert.Equal(Payloads.Tokens.Select(t => t.LogProbability), tokens.Select(t => Math.Round(t.LogProbability, 5)));
        Assert.All(tokens, t => Assert.Equal([Math.Round(t.LogProbability, 5), -3.5], t.TopAlternatives.Select(a => Math.Round(a.LogProbability, 5))));
        Assert.Equal(tokens[1].Utf8Bytes, tokens[1].TopAlternatives[0].Utf8Bytes);
        var body = JsonDocument.Parse(server.Requests.Single().Body).RootElement;
        Assert.Equal(2, body.GetProperty("top_logprobs").GetInt32());
        if (isResponses)
        {
            Assert.Equal("message.output_text.logprobs", Assert.Single(body.GetProperty("include").EnumerateArray()).GetString());
        }
        else
        {
            Assert.True(body.GetProperty("logprobs").GetBoolean());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_RequestThatDoesNotWantThem_SendsNoField(bool isResponses, bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isResponses, isStream, withLogProbabilities: false));
        using var client = Connect(server, isResponses);

        Assert.Empty((await AskAsync(client, isStream, null)).Tokens);
        Assert.DoesNotContain("logprobs", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_ServerThatDoesNotKnowTheField_AnswersWithoutTokens(bool isResponses, bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isResponses, isStream, withLogProbabilities: false));
        using var client = Connect(server, isResponses);

        var (text, tokens) = await AskAsync(client, isStream, Wanted);

        Assert.Equal(Payloads.Answer, text);
        Assert.Empty(tokens);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_ServerThatRefusesTheField_IsAskedAgainWithoutAndRemembered(bool isResponses, bool isStream)
    {
        await using var server = LoopbackServer.Start(r => r.Body.Contains("logprobs", StringComparison.Ordinal)
            ? new LoopbackReply(Refusal) { Status = 400 }
            : Payloads.Reply(isResponses, isStream, withLogProbabilities: false));
        using var client = Connect(server, isResponses);

        Assert.Equal(Payloads.Answer, (await AskAsync(client, isStream, Wanted)).Text);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(Payloads.Answer, (await AskAsync(client, isStream, Wanted)).Text);
        Assert.Equal(3, server.Requests.Count);

        // Another model may be able to.
        await AskAsync(client, isStream, With(new() { ModelId = "other" }, 2));
        Assert.Equal(5, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task Ask_OtherError_IsThrownAndNotRetried(int status)
    {
        await using var server = LoopbackServer.Start(_ => new LoopbackReply("""{"error":{"message":"Your messages are odd.","type":"invalid_request_error","param":null,"code":null}}""") { Status = status });
        foreach (var isStream in (bool[])[false, true])
        {
            using var client = Connect(server, isResponses: false);

            var exception = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(client, isStream, Wanted));
            Assert.Equal(status, exception.Status);
        }

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Ask_CallersOwnRawOptions_AreKept()
    {
        await using var server = LoopbackServer.Start(r => Payloads.Reply(r.Path.EndsWith("responses", StringComparison.Ordinal), false, true));
        using var chat = Connect(server, isResponses: false);
        using var responses = Connect(server, isResponses: true);

        await AskAsync(chat, false, With(new() { Temperature = 0.5f, RawRepresentationFactory = _ => new ChatCompletionOptions { EndUserId = "me", TopLogProbabilityCount = 7 } }, 2));
        await AskAsync(responses, false, With(new() { RawRepresentationFactory = _ => new CreateResponseOptions { EndUserId = "me" } }, 2));

        var body = JsonDocument.Parse(server.Requests[0].Body).RootElement;
        Assert.Equal("me", body.GetProperty("user").GetString());
        Assert.Equal(7, body.GetProperty("top_logprobs").GetInt32());
        Assert.Equal(0.5, body.GetProperty("temperature").GetDouble(), 1e-6);
        Assert.True(body.GetProperty("logprobs").GetBoolean());
        body = JsonDocument.Parse(server.Requests[1].Body).RootElement;
        Assert.Equal("me", body.GetProperty("user").GetString());
        Assert.Equal(2, body.GetProperty("top_logprobs").GetInt32());
    }

    [Fact]
    public async Task Ask_CallerTurnedThemOff_GetsNone()
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(false, false, false));
        using var client = Connect(server, isResponses: false);

        await AskAsync(client, false, With(new() { RawRepresentationFactory = _ => new ChatCompletionOptions { IncludeLogProbabilities = false } }, 2));

        var body = JsonDocument.Parse(server.Requests[0].Body).RootElement;
        Assert.False(body.GetProperty("logprobs").GetBoolean());
        Assert.False(body.TryGetProperty("top_logprobs", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Cancelled_EndsTheRequest(bool isStream)
    {
        var first = Payloads.CompletionChunks(withLogProbabilities: true).Take(3).ToList();
        await using var server = LoopbackServer.Start(_ => new LoopbackReply(first) { ContentType = isStream ? "text/event-stream" : "application/json", Hangs = true });
        using var client = Connect(server, isResponses: false);
        using var stop = new CancellationTokenSource();

        var asking = AskAsync(client, isStream, Wanted, stop);
        if (!isStream)
        {
            while (server.Requests.Count == 0)
            {
                await Task.Yield();
            }

            await stop.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Stream_ConnectionThatBreaks_Throws()
    {
        var first = Payloads.CompletionChunks(withLogProbabilities: true).Take(3).ToList();
        await using var server = LoopbackServer.Start(_ => new LoopbackReply(first) { ContentType = "text/event-stream", Breaks = true });
        using var client = Connect(server, isResponses: false);

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(client, isStream: true, Wanted));
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Guard_Answer_IsScoredByItsTokens(bool isResponses, bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isResponses, isStream, withLogProbabilities: true));
        using var client = Sdk(server, isResponses).AsBuilder()
            .UseConfidence(Confidence.TokenProbability(TokenAggregation.Product))
            .UseOpenAILogProbabilities()
            .Build();

        var report = isStream
            ? (await client.GetStreamingResponseAsync("When?").ToChatResponseAsync()).GetGuardReport()
            : (await client.GetResponseAsync("When?")).GetGuardReport();

        // 1987 and née
        Assert.Equal(Math.Exp(-0.693 - 0.25 - 0.5 - 0.0625), report!.Confidence!.Value!.Value, 1e-6);
    }

    [Fact]
    public async Task Ask_OtherClient_IsLeftAlone()
    {
        using var model = new ScriptedChatClient("x");
        using var client = model.AsBuilder().UseOpenAILogProbabilities().Build();
        var own = new object();

        await client.GetResponseAsync("?", Wanted);
        await client.GetResponseAsync("?", With(new() { RawRepresentationFactory = _ => own }, 2));
        var response = await client.GetResponseAsync("?");

        Assert.Null(model.Calls[0].Options!.RawRepresentationFactory!(model));
        Assert.Same(own, model.Calls[1].Options!.RawRepresentationFactory!(model));
        Assert.Null(model.Calls[2].Options);
        Assert.Null(response.GetLogProbabilities());
    }

    private static ChatOptions With(ChatOptions options, int alternatives)
    {
        options.RequestLogProbabilities(alternatives);
        return options;
    }

    private static IChatClient Connect(LoopbackServer server, bool isResponses) =>
        Sdk(server, isResponses).AsBuilder().UseOpenAILogProbabilities().Build();

    private static IChatClient Sdk(LoopbackServer server, bool isResponses)
    {
        var client = new OpenAIClient(
            new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) });
        return isResponses ? client.GetResponsesClient().AsIChatClient("gpt-4.1-mini") : client.GetChatClient("gpt-4o-mini").AsIChatClient();
    }

    /// <summary>Asks, and cancels a stream after its first text.</summary>
    private static async Task<(string Text, IReadOnlyList<TokenLogProbability> Tokens)> AskAsync(
        IChatClient client, bool isStream, ChatOptions? options, CancellationTokenSource? stop = null)
    {
        var cancellationToken = stop?.Token ?? CancellationToken.None;
        if (!isStream)
        {
            var response = await client.GetResponseAsync("When?", options, cancellationToken);
            return (response.Text, response.GetLogProbabilities() ?? []);
        }

        var text = "";
        List<TokenLogProbability> tokens = [];
        await foreach (var update in client.GetStreamingResponseAsync("When?", options, cancellationToken))
        {
            text += update.Text;
            tokens.AddRange(update.GetLogProbabilities() ?? []);
            if (stop is not null && text.Length > 0)
            {
                await stop.CancelAsync();
            }
        }

        return (text, tokens);
    }
}
