using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;
using OllamaSharp.Models.Exceptions;
using ChatRole = Microsoft.Extensions.AI.ChatRole;

namespace Microscale.Guard.AspNetCore.Tests.Endpoints;

/// <summary>OllamaSharp as a client, over HTTP.</summary>
public sealed class OllamaSharpTests
{
    [Fact]
    public async Task Chat_Streaming_BringsTheAnswerInPiecesAndSettingsArrive()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital. It is small.");
        using var client = Client(server);

        var parts = await client.ChatAsync(
            new ChatRequest { Model = GuardedServer.Model, Messages = [new Message("user", "What is the capital?")], Options = new RequestOptions { Temperature = 0.5f, NumPredict = 20, TopK = 7 } },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Berne is the capital. It is small.", string.Concat(parts.Select(p => p?.Message.Content)));
        Assert.True(parts.Count > 2);
        var done = Assert.IsType<ChatDoneResponseStream>(parts[^1]);
        Assert.Equal(("stop", 10, 5), (done.DoneReason, done.PromptEvalCount, done.EvalCount));
        var options = server.Inner.Calls[0].Options!;
        Assert.Equal((0.5f, 20, 7), (options.Temperature, options.MaxOutputTokens, options.TopK));
        Assert.True(server.Inner.Calls[0].Streaming);
    }

    [Fact]
    public async Task Chat_NotStreaming_BringsOneAnswer()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital.");
        using var client = Client(server);

        var parts = await client.ChatAsync(
            new ChatRequest { Model = GuardedServer.Model, Stream = false, Messages = [new Message("user", "What is the capital?")] },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Berne is the capital.", Assert.Single(parts)?.Message.Content);
        Assert.False(server.Inner.Calls[0].Streaming);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ContradictedAnswer_IsWithheld(bool streaming)
    {
        await using var server = await GuardedServer.StartAsync("This is wrong.");
        using var client = Client(server);

        var parts = await client.ChatAsync(
            new ChatRequest { Model = GuardedServer.Model, Stream = streaming, Messages = [new Message("user", "Why?")] },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("wrong", string.Concat(parts.Select(p => p?.Message.Content)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_ToolsThroughExtensionsAI_AreInvokedByTheCaller(bool streaming)
    {
        await using var server = await GuardedServer.StartAsync(
            new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Berne" })] },
            "It rains in Berne.");
        var asked = "";
        using var client = ((IChatClient)Client(server)).AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Tools = [AIFunctionFactory.Create((string city) => { asked = city; return "rain"; }, "weather", "Tells the weather.")],
        };

        var response = streaming
            ? await client.GetStreamingResponseAsync("How is the weather?", options, TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken)
            : await client.GetResponseAsync("How is the weather?", options, TestContext.Current.CancellationToken);

        Assert.Equal(("Berne", "It rains in Berne."), (asked, response.Text));
        var second = server.Inner.Calls[1].Messages;
        Assert.Contains("rain", second.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Single().Result?.ToString());
        Assert.Equal(
            second.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Single().CallId,
            second.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Single().CallId);
    }

    [Fact]
    public async Task Chat_JsonSchema_ReachesTheModel()
    {
        await using var server = await GuardedServer.StartAsync("""{"capital":"Berne"}""");
        using IChatClient client = Client(server);

        var response = await client.GetResponseAsync<Answer>("What is the capital?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Berne", response.Result.Capital);
        var format = Assert.IsType<ChatResponseFormatJson>(server.Inner.Calls[0].Options?.ResponseFormat);
        Assert.NotNull(format.Schema);
    }

    [Fact]
    public async Task Generate_Streaming_BringsTheAnswer()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital.");
        using var client = Client(server);

        var parts = await client.GenerateAsync(
            new GenerateRequest { Model = GuardedServer.Model, Prompt = "What is the capital?", System = "Be brief." },
            TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Berne is the capital.", string.Concat(parts.Select(p => p?.Response)));
        Assert.IsType<GenerateDoneResponseStream>(parts[^1]);
        Assert.Equal([ChatRole.System, ChatRole.User], server.Inner.Calls[0].Messages.Select(m => m.Role));
    }

    [Fact]
    public async Task ListShowVersion_AnswerForTheServedModel()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");
        using var client = Client(server);

        Assert.True(await client.IsRunningAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(await client.GetVersionAsync(TestContext.Current.CancellationToken));
        Assert.Equal([GuardedServer.Model + ":latest"], (await client.ListLocalModelsAsync(TestContext.Current.CancellationToken)).Select(m => m.Name));
        Assert.Single(await client.ListRunningModelsAsync(TestContext.Current.CancellationToken));
        Assert.Contains("tools", (await client.ShowModelAsync(GuardedServer.Model, TestContext.Current.CancellationToken)).Capabilities!);
    }

    [Fact]
    public async Task Chat_UnknownModel_IsTheProtocolsNotFound()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");
        using var client = new OllamaApiClient(server.Address, "llama9");

        var exception = await Assert.ThrowsAnyAsync<Exception>(async () => await ((IChatClient)client).GetResponseAsync("Why?", cancellationToken: TestContext.Current.CancellationToken));

        Assert.True(exception is OllamaException or HttpRequestException, exception.ToString());
        Assert.Contains("404", exception.Message);
    }

    private static OllamaApiClient Client(GuardedServer server) => new(server.Address, GuardedServer.Model);

    private sealed record Answer(string Capital);
}
