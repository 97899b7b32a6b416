using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = OpenAI.Chat.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Microscale.Guard.AspNetCore.Tests.Endpoints;

/// <summary>The OpenAI SDK as a client, over HTTP.</summary>
public sealed class OpenAISdkTests
{
    private static readonly ChatTool s_weather = ChatTool.CreateFunctionTool(
        "weather", "Tells the weather.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Fact]
    public async Task CompleteChat_SupportedAnswer_IsDeliveredWithItsJudgement()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital. It is small.");

        var result = await Client(server).CompleteChatAsync(
            [ChatMessage.CreateSystemMessage("Be brief."), ChatMessage.CreateUserMessage("What is the capital?")],
            new ChatCompletionOptions { Temperature = 0.5f, MaxOutputTokenCount = 20, StopSequences = { "END" }, TopP = 0.9f },
            TestContext.Current.CancellationToken);

        Assert.Equal("Berne is the capital. It is small.", result.Value.Content[0].Text);
        Assert.Equal((ChatFinishReason.Stop, GuardedServer.Model), (result.Value.FinishReason, result.Value.Model));
        Assert.Equal((10, 5), (result.Value.Usage.InputTokenCount, result.Value.Usage.OutputTokenCount));
        var judgement = Judgement(result.GetRawResponse());
        Assert.Equal("Delivered", judgement.GetProperty("decision").GetString());
        Assert.Equal(["Supported", "Supported"], judgement.GetProperty("verdicts").EnumerateArray().Select(v => v.GetProperty("verdict").GetString()));
        var call = Assert.Single(server.Inner.Calls);
        Assert.Equal([ChatRole.System, ChatRole.User], call.Messages.Select(m => m.Role));
        Assert.Equal((0.5f, 20, 0.9f), (call.Options?.Temperature, call.Options?.MaxOutputTokens, call.Options?.TopP));
        Assert.Equal(["END"], call.Options?.StopSequences);
    }

    [Fact]
    public async Task CompleteChat_ContradictedAnswer_IsWithheld()
    {
        await using var server = await GuardedServer.StartAsync("This is wrong.");

        var result = await Client(server).CompleteChatAsync(["Why?"]);

        Assert.Equal(ChatFinishReason.ContentFilter, result.Value.FinishReason);
        Assert.DoesNotContain("wrong", result.GetRawResponse().Content.ToString());
        var judgement = Judgement(result.GetRawResponse());
        Assert.Equal(("Abstained", "Contradicted"), (judgement.GetProperty("decision").GetString(), judgement.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task CompleteChatStreaming_Answer_ComesInPiecesWithUsageAtTheEnd()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital. It is small.");

        var updates = await ReadAsync(Client(server).CompleteChatStreamingAsync(["What is the capital?"]));

        Assert.Equal("Berne is the capital. It is small.", string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(c => c.Text)));
        Assert.True(updates.Count(u => u.ContentUpdate.Count > 0) > 1);
        Assert.Equal(ChatFinishReason.Stop, updates.Single(u => u.FinishReason is not null).FinishReason);
        Assert.Equal(15, updates.Single(u => u.Usage is not null).Usage.TotalTokenCount);
        Assert.Single(updates.Select(u => u.CompletionId).Distinct());
    }

    [Fact]
    public async Task CompleteChatStreaming_LaterSentenceIsWrong_NeverLeaves()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital. This is wrong.");

        var updates = await ReadAsync(Client(server).CompleteChatStreamingAsync(["What is the capital?"]));

        var text = string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(c => c.Text));
        Assert.StartsWith("Berne is the capital.", text);
        Assert.DoesNotContain("wrong", text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CompleteChat_ToolCall_IsHandedOutAndItsResultTakenAsEvidence(bool streaming)
    {
        await using var server = await GuardedServer.StartAsync(
            new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Berne" })], FinishReason = Microsoft.Extensions.AI.ChatFinishReason.ToolCalls },
            "It rains in Berne.");
        var options = new ChatCompletionOptions { Tools = { s_weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };
        List<ChatMessage> messages = [ChatMessage.CreateUserMessage("How is the weather in Berne?")];

        var (id, name, arguments, finish) = streaming ? await StreamCallAsync() : await CompleteCallAsync();

        Assert.Equal(("c1", "weather", ChatFinishReason.ToolCalls), (id, name, finish));
        Assert.Equal("Berne", JsonElement.Parse(arguments).GetProperty("city").GetString());
        messages.Add(ChatMessage.CreateAssistantMessage([ChatToolCall.CreateFunctionToolCall(id, name, BinaryData.FromString(arguments))]));
        messages.Add(ChatMessage.CreateToolMessage(id, "rain"));
        var result = await Client(server).CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { s_weather } });

        Assert.Equal("It rains in Berne.", result.Value.Content[0].Text);
        Assert.Equal("tool-c1", Judgement(result.GetRawResponse()).GetProperty("evidence")[0].GetProperty("id").GetString());
        Assert.IsType<RequiredChatToolMode>(server.Inner.Calls[0].Options?.ToolMode);
        var tool = Assert.IsType<AIFunctionDeclaration>(Assert.Single(server.Inner.Calls[0].Options!.Tools!), exactMatch: false);
        Assert.Equal(("weather", "Tells the weather.", "city"), (tool.Name, tool.Description, tool.JsonSchema.GetProperty("required")[0].GetString()));

        async Task<(string, string, string, ChatFinishReason?)> CompleteCallAsync()
        {
            var completion = (await Client(server).CompleteChatAsync(messages, options)).Value;
            var call = Assert.Single(completion.ToolCalls);
            return (call.Id, call.FunctionName, call.FunctionArguments.ToString(), completion.FinishReason);
        }

        async Task<(string, string, string, ChatFinishReason?)> StreamCallAsync()
        {
            var updates = await ReadAsync(Client(server).CompleteChatStreamingAsync(messages, options));
            var call = Assert.Single(updates.SelectMany(u => u.ToolCallUpdates));
            return (call.ToolCallId, call.FunctionName, call.FunctionArgumentsUpdate.ToString(), updates.Single(u => u.FinishReason is not null).FinishReason);
        }
    }

    [Fact]
    public async Task CompleteChat_JsonSchema_ReachesTheModel()
    {
        await using var server = await GuardedServer.StartAsync("""{"capital":"Berne"}""");

        var result = await Client(server).CompleteChatAsync(["What is the capital?"], new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString("""{"type":"object","properties":{"capital":{"type":"string"}}}"""), "An answer."),
        });

        Assert.Equal("Berne", JsonElement.Parse(result.Value.Content[0].Text).GetProperty("capital").GetString());
        var format = Assert.IsType<ChatResponseFormatJson>(server.Inner.Calls[0].Options?.ResponseFormat);
        Assert.Equal(("answer", "An answer."), (format.SchemaName, format.SchemaDescription));
        Assert.True(format.Schema?.GetProperty("properties").TryGetProperty("capital", out _));
    }

    [Fact]
    public async Task AsIChatClient_ExtensionsAI_WorksToo()
    {
        await using var server = await GuardedServer.StartAsync("Berne is the capital.");
        using var client = Client(server).AsIChatClient();

        var response = await client.GetResponseAsync("What is the capital?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Berne is the capital.", response.Text);
    }

    [Fact]
    public async Task CompleteChat_UnknownModel_IsTheProtocolsNotFound()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => Client(server, "gpt-9").CompleteChatAsync("Why?"));

        Assert.Equal(404, exception.Status);
        Assert.Contains("model_not_found", exception.Message);
    }

    [Fact]
    public async Task CompleteChat_ModelFails_IsAServerErrorWithoutTheCause()
    {
        await using var server = await GuardedServer.StartAsync(new ScriptedReply("") { Fault = new InvalidOperationException("secret key") });

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).CompleteChatAsync("Why?"));

        Assert.Equal(500, exception.Status);
        Assert.DoesNotContain("secret", exception.Message);
    }

    [Fact]
    public async Task GetModels_ListsTheServedModel()
    {
        await using var server = await GuardedServer.StartAsync("Yes.");
        var models = Sdk(server).GetOpenAIModelClient();

        var list = await models.GetModelsAsync(TestContext.Current.CancellationToken);

        Assert.Equal([GuardedServer.Model], list.Value.Select(m => m.Id));
        Assert.Equal(GuardedServer.Model, (await models.GetModelAsync(GuardedServer.Model, TestContext.Current.CancellationToken)).Value.Id);
    }

    private static OpenAIClient Sdk(GuardedServer server) => new(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    private static ChatClient Client(GuardedServer server, string model = GuardedServer.Model) => Sdk(server).GetChatClient(model);

    private static JsonElement Judgement(PipelineResponse response) => JsonElement.Parse(response.Content.ToString()).GetProperty("microscale_guard");

    private static async Task<List<StreamingChatCompletionUpdate>> ReadAsync(AsyncCollectionResult<StreamingChatCompletionUpdate> stream)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in stream)
        {
            updates.Add(update);
        }

        return updates;
    }
}
