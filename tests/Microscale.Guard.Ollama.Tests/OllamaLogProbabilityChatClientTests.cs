using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;
using OllamaSharp.Models.Exceptions;

namespace Microscale.Guard.Ollama.Tests;

public class OllamaLogProbabilityChatClientTests
{
    private static readonly ChatOptions Wanted = With(new(), 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_RequestThatWantsThem_SendsTheFieldsAndReadsTheTokens(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream, withLogProbabilities: true));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var (text, tokens) = await AskAsync(client, isStream, Wanted);

        Assert.Equal(Payloads.Answer, text);
        Assert.Equal(Payloads.Tokens.SelectMany(t => t.Bytes), tokens.SelectMany(t => t.Utf8Bytes.ToArray()));
        Assert.Equal(Payloads.Tokens.Select(t => t.LogProbability), tokens.Select(t => t.LogProbability));
        Assert.All(tokens, t => Assert.Equal([t.LogProbability, -3.5], t.TopAlternatives.Select(a => a.LogProbability)));
        var request = server.Requests.Single();
        Assert.Equal("/api/chat", request.Path);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.True(body.GetProperty("logprobs").GetBoolean());
        Assert.Equal(2, body.GetProperty("top_logprobs").GetInt32());
        Assert.Equal(isStream, body.GetProperty("stream").GetBoolean());
        Assert.Equal("When?", body.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Stream_Updates_EachBringTheTokensOfTheirText()
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream: true, withLogProbabilities: true));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        await foreach (var update in client.GetStreamingResponseAsync("When?", Wanted))
        {
            Assert.Equal(update.Text, System.Text.Encoding.UTF8.GetString([.. (update.GetLogProbabilities() ?? []).SelectMany(t => t.Utf8Bytes.ToArray())]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_RequestThatDoesNotWantThem_SendsNoField(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream, withLogProbabilities: false));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var (text, tokens) = await AskAsync(client, isStream, null);

        Assert.Equal(Payloads.Answer, text);
        Assert.Empty(tokens);
        Assert.DoesNotContain("logprobs", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ServerTooOldToKnowTheField_AnswersWithoutTokens(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream, withLogProbabilities: false));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var (text, tokens) = await AskAsync(client, isStream, Wanted);

        Assert.Equal(Payloads.Answer, text);
        Assert.Empty(tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ServerThatRefusesTheField_IsAskedAgainWithoutAndRemembered(bool isStream)
    {
        await using var server = LoopbackServer.Start(r => r.Body.Contains("logprobs", StringComparison.Ordinal)
            ? new LoopbackReply("""{"error":"logprobs are not supported for this model"}""") { Status = 400 }
            : Payloads.Reply(isStream, withLogProbabilities: false));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        Assert.Equal(Payloads.Answer, (await AskAsync(client, isStream, Wanted)).Text);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(Payloads.Answer, (await AskAsync(client, isStream, Wanted)).Text);
        Assert.Equal(3, server.Requests.Count);
        await AskAsync(client, isStream, With(new() { ModelId = "other" }, 2));
        Assert.Equal(5, server.Requests.Count);
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 400)]
    [InlineData(false, 404)]
    [InlineData(true, 404)]
    [InlineData(false, 500)]
    [InlineData(true, 500)]
    public async Task Ask_OtherError_IsThrownAndNotRetried(bool isStream, int status)
    {
        await using var server = LoopbackServer.Start(_ => new LoopbackReply("""{"error":"model \"llama3.2\" not found"}""") { Status = status });
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(client, isStream, Wanted));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Stream_ErrorWithinTheAnswer_Throws()
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Stream(
            [.. Payloads.Lines(withLogProbabilities: true).Take(2), """{"error":"an error was encountered while running the model"}""" + "\n"]));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var exception = await Assert.ThrowsAsync<OllamaException>(() => AskAsync(client, isStream: true, Wanted));
        Assert.Contains("running the model", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_LinesCutAnywhere_AreReadWhole()
    {
        var all = string.Concat(Payloads.Lines(withLogProbabilities: true));
        await using var server = LoopbackServer.Start(_ => Payloads.Stream([.. all.Chunk(7).Select(c => new string(c))]));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var (text, tokens) = await AskAsync(client, isStream: true, Wanted);

        Assert.Equal(Payloads.Answer, text);
        Assert.Equal(Payloads.Tokens.Length, tokens.Count);
    }

    [Fact]
    public async Task Stream_Thought_LeavesItsTokensOut()
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Stream(
            [Payloads.Line("", [("Hm"u8.ToArray(), -1)], thinking: "Hm"), .. Payloads.Lines(withLogProbabilities: true)]));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        Assert.Equal(Payloads.Tokens.Length, (await AskAsync(client, isStream: true, Wanted)).Tokens.Count);
    }

    [Fact]
    public async Task Ask_OddLogProbabilities_AreNone()
    {
        foreach (var odd in (string[])["null", "\"x\"", "[1]", "[{}]", """[{"token":"In","logprob":"-1"}]""", """[{"token":"In","logprob":-1},{"token":"x"}]"""])
        {
            var reply = Payloads.Reply(isStream: false, withLogProbabilities: false);
            await using var server = LoopbackServer.Start(_ => reply with { Chunks = [reply.Chunks[0].Replace("\"done\":true", $"\"done\":true,\"logprobs\":{odd}", StringComparison.Ordinal)] });
            using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

            var (text, tokens) = await AskAsync(client, isStream: false, Wanted);

            Assert.Equal(Payloads.Answer, text);
            Assert.Empty(tokens);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_CallersOwnRawRequest_IsKept(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream, withLogProbabilities: true));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");
        var options = With(new() { Temperature = 0.5f, RawRepresentationFactory = _ => new ChatRequest { KeepAlive = "10m", Options = new RequestOptions { NumCtx = 8192 } } }, 3);

        var tokens = (await AskAsync(client, isStream, options)).Tokens;

        Assert.Equal(Payloads.Tokens.Length, tokens.Count);
        var body = JsonDocument.Parse(server.Requests.Single().Body).RootElement;
        Assert.Equal("10m", body.GetProperty("keep_alive").GetString());
        Assert.Equal(8192, body.GetProperty("options").GetProperty("num_ctx").GetInt32());
        Assert.Equal(0.5, body.GetProperty("options").GetProperty("temperature").GetDouble(), 1e-6);
        Assert.Equal(3, body.GetProperty("top_logprobs").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Cancelled_EndsTheRequest(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Stream([.. Payloads.Lines(withLogProbabilities: true).Take(2)]) with { Hangs = true });
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");
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
        await using var server = LoopbackServer.Start(_ => Payloads.Stream([.. Payloads.Lines(withLogProbabilities: true).Take(2)]) with { Breaks = true });
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(client, isStream: true, Wanted));
    }

    [Fact]
    public async Task Stream_ThatEndsBeforeItsLastLine_Throws()
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Stream([.. Payloads.Lines(withLogProbabilities: true).Take(2)]));
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        var exception = await Assert.ThrowsAsync<OllamaException>(() => AskAsync(client, isStream: true, Wanted));
        Assert.Contains("before it was complete", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ManyAtOnce_EachReadsItsOwn()
    {
        // The n-th answer has n tokens.
        await using var server = LoopbackServer.Start(r =>
        {
            var n = r.Body[r.Body.IndexOf("tell ", StringComparison.Ordinal) + 5] - '0';
            return Payloads.Stream([.. Enumerable.Repeat(Payloads.Line("x", [("x"u8.ToArray(), -n)]), n), .. Payloads.Lines(withLogProbabilities: false).TakeLast(1)]);
        });
        using var client = new OllamaLogProbabilityChatClient(server.Address, "llama3.2");

        await Task.WhenAll(Enumerable.Range(1, 9).Select(async n =>
        {
            var tokens = new List<TokenLogProbability>();
            await foreach (var update in client.GetStreamingResponseAsync($"tell {n}", Wanted))
            {
                tokens.AddRange(update.GetLogProbabilities() ?? []);
            }

            Assert.Equal(n, tokens.Count);
            Assert.All(tokens, t => Assert.Equal(-n, t.LogProbability));
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Guard_Answer_IsScoredByItsTokens(bool isStream)
    {
        await using var server = LoopbackServer.Start(_ => Payloads.Reply(isStream, withLogProbabilities: true));
        using var http = new HttpClient { BaseAddress = server.Address };
        using var client = new OllamaLogProbabilityChatClient(http, "llama3.2").AsBuilder()
            .UseConfidence(Confidence.TokenProbability(TokenAggregation.Product))
            .Build();

        var report = isStream
            ? (await client.GetStreamingResponseAsync("When?").ToChatResponseAsync()).GetGuardReport()
            : (await client.GetResponseAsync("When?")).GetGuardReport();

        // 1987 and née
        Assert.Equal(Math.Exp(-0.693 - 0.25 - 0.5 - 0.0625), report!.Confidence!.Value!.Value, 1e-9);
        Assert.NotNull(client.GetService<OllamaApiClient>());
    }

    [Fact]
    public void Create_HttpClientWithoutAnAddress_SaysWhatToSet()
    {
        using var http = new HttpClient();

        Assert.Contains("BaseAddress", Assert.Throws<ArgumentException>(() => new OllamaLogProbabilityChatClient(http, "m")).Message, StringComparison.Ordinal);
    }

    private static ChatOptions With(ChatOptions options, int alternatives)
    {
        options.RequestLogProbabilities(alternatives);
        return options;
    }

    /// <summary>Asks, and cancels a stream after its first text.</summary>
    private static async Task<(string Text, IReadOnlyList<TokenLogProbability> Tokens)> AskAsync(
        OllamaLogProbabilityChatClient client, bool isStream, ChatOptions? options, CancellationTokenSource? stop = null)
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
