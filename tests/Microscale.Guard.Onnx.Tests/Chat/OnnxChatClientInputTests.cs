using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>What cannot be done is refused, by name and with a remedy.</summary>
[Collection(nameof(ChatModelCollection))]
public class OnnxChatClientInputTests(ChatModel model)
{
    public static TheoryData<string, ChatOptions> WrongOptions => new()
    {
        { nameof(ChatOptions.Temperature), new() { Temperature = -1 } },
        { nameof(ChatOptions.Temperature), new() { Temperature = float.NaN } },
        { nameof(ChatOptions.TopK), new() { TopK = 0 } },
        { nameof(ChatOptions.TopP), new() { TopP = 1.5f } },
        { nameof(ChatOptions.TopP), new() { TopP = 0 } },
        { nameof(ChatOptions.FrequencyPenalty), new() { FrequencyPenalty = 3 } },
        { nameof(ChatOptions.PresencePenalty), new() { PresencePenalty = -3 } },
        { nameof(ChatOptions.AdditionalProperties), new() { AdditionalProperties = new() { ["min_p"] = 1.5 } } },
        { nameof(ChatOptions.AdditionalProperties), new() { AdditionalProperties = new() { ["min_p"] = "much" } } },
        { nameof(ChatOptions.MaxOutputTokens), new() { MaxOutputTokens = 0 } },
        { nameof(ChatOptions.StopSequences), new() { StopSequences = ["a", ""] } },
    };

    public static TheoryData<string, ChatOptions> UnsupportedOptions => new()
    {
        { nameof(ChatOptions.Tools), new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { nameof(ChatOptions.ToolMode), new() { ToolMode = ChatToolMode.RequireAny } },
        { nameof(ChatOptions.ConversationId), new() { ConversationId = "c" } },
        { nameof(ChatOptions.ModelId), new() { ModelId = "other" } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task GetResponseAsync_OptionOutOfRange_NamesIt(string setting, ChatOptions options)
    {
        var exception = await Assert.ThrowsAnyAsync<ArgumentException>(() => model.Client.GetResponseAsync("hi", options));

        Assert.Contains("ChatOptions." + setting, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(UnsupportedOptions))]
    public async Task GetStreamingResponseAsync_OptionTheModelCannotDo_IsRefusedByName(string setting, ChatOptions options)
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(async () => await model.Client.GetStreamingResponseAsync("hi", options).ToListAsync());

        Assert.Contains("ChatOptions." + setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_ToolsThatMustNotBeCalled_AreAccepted() => Assert.NotEmpty((await model.Client.GetResponseAsync(
        "hi", new() { Tools = [AIFunctionFactory.Create(() => 1, "one")], ToolMode = ChatToolMode.None, MaxOutputTokens = 1 })).Messages);

    [Fact]
    public async Task GetResponseAsync_NoMessages_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => model.Client.GetResponseAsync(Array.Empty<ChatMessage>()));

        Assert.Contains("message list is empty", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_ContentThatIsNoText_IsRefusedByItsType()
    {
        var message = new ChatMessage(ChatRole.User, [new TextContent("What is this?"), new DataContent(new byte[] { 1 }, "image/png")]);

        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => model.Client.GetResponseAsync(message));

        Assert.Contains(nameof(DataContent), exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, OnnxChatClientOptions> WrongClientOptions => new()
    {
        { nameof(OnnxChatClientOptions.ContextLength), new() { ContextLength = 1 } },
        { nameof(OnnxChatClientOptions.ContextLength), new() { ContextLength = 9000 } },
        { nameof(OnnxChatClientOptions.DefaultMaxOutputTokens), new() { DefaultMaxOutputTokens = 0 } },
        { nameof(OnnxChatClientOptions.MaxConcurrentRequests), new() { MaxConcurrentRequests = 0 } },
        { nameof(OnnxChatClientOptions.MaxQueuedRequests), new() { MaxQueuedRequests = -1 } },
        { nameof(OnnxChatClientOptions.PrefixCacheBytes), new() { PrefixCacheBytes = -1 } },
        { nameof(OnnxChatClientOptions.ThreadCount), new() { ThreadCount = 100_000 } },
        { nameof(OnnxChatClientOptions.ModelId), new() { ModelId = " " } },
        { nameof(OnnxChatClientOptions.TimeProvider), new() { TimeProvider = null! } },
    };

    [Theory]
    [MemberData(nameof(WrongClientOptions))]
    public void Constructor_OptionOutOfRange_NamesIt(string setting, OnnxChatClientOptions options)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => new OnnxChatClient(TestModels.Chat, options));

        Assert.Contains("OnnxChatClientOptions." + setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_MissingFiles_AreNamedTogether()
    {
        using var folder = new TemporaryFolder();
        folder.LinkModel(TestModels.Chat.Path, "config.json", "embedding.data");

        Assert.Equal(["model.onnx", "tokenizer.json"], Refuse(folder).MissingFiles);
    }

    [Fact]
    public void Constructor_DamagedFiles_AreNamedWithTheRemedy()
    {
        using var folder = new TemporaryFolder();
        folder.LinkModel(TestModels.Chat.Path, "model.onnx", "embedding.data", "layers.1.data", "tokenizer.json", "tokenizer_config.json");
        folder.Write("layers.0.data", "cut short");

        folder.Write("config.json", "{}");
        Assert.Contains("num_attention_heads", AssertWrong("config.json"), StringComparison.Ordinal);
        folder.Write("config.json", "{");
        AssertWrong("config.json");
        folder.CopyModel(TestModels.Chat.Path, "config.json");
        folder.Write("generation_config.json", """{"max_new_tokens":0}""");
        Assert.Contains("max_new_tokens", AssertWrong("generation_config.json"), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "generation_config.json"));
        Assert.Contains("weights", AssertWrong("model.onnx"), StringComparison.Ordinal);

        string AssertWrong(string name)
        {
            var exception = Refuse(folder);
            Assert.Equal([name], exception.WrongFiles);
            Assert.Contains("Restore", exception.Message, StringComparison.Ordinal);
            return exception.Message;
        }
    }

    [Fact]
    public void Constructor_GraphOfAnotherModel_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.LinkModel(TestModels.Chat.Path, "config.json", "tokenizer.json", "tokenizer_config.json");
        folder.LinkModel(TestModels.Embedding.Path, "model.onnx");

        var exception = Refuse(folder);

        Assert.Equal(["model.onnx"], exception.WrongFiles);
        Assert.Contains("past_key_values.0.key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateChatClient_OneBitOfTheWeightsTurned_NamesTheFileByItsChecksum()
    {
        using var folder = new TemporaryFolder();
        folder.LinkModel(
            TestModels.Chat.Path,
            [.. Directory.GetFiles(TestModels.Chat.Path).Select(f => Path.GetFileName(f)).Where(f => f != "layers.0.data")]);
        folder.CopyModel(TestModels.Chat.Path, "layers.0.data");
        folder.FlipBit("layers.0.data", 30_000_000);

        var exception = Assert.Throws<ModelFolderException>(() => LocalModels.CreateChatClient(folder.Path));

        Assert.Equal(["layers.0.data"], exception.WrongFiles);
        Assert.Empty(exception.MissingFiles);
    }

    [Fact]
    public void Constructor_NoFolder_Throws() => Assert.Throws<ArgumentNullException>(() => new OnnxChatClient(null!));

    /// <summary>What is seen at once, or else when the weights are loaded, by a request too.</summary>
    private static ModelFolderException Refuse(TemporaryFolder folder)
    {
        var model = ModelFolder.Open(folder.Path, verifyChecksums: false);
        OnnxChatClient client;
        try
        {
            client = new OnnxChatClient(model);
        }
        catch (ModelFolderException exception)
        {
            return exception;
        }

        using (client)
        {
            Assert.Throws<ModelFolderException>(() => client.GetResponseAsync("Hi").GetAwaiter().GetResult());
            return Assert.Throws<ModelFolderException>(() => client.LoadAsync().GetAwaiter().GetResult());
        }
    }

    [Fact]
    public async Task LoadAsync_TwoClients_HaveOneSessionAndNoneAfterTheLast()
    {
        using var folder = new TemporaryFolder();
        folder.LinkModel(TestModels.Chat.Path, [.. Directory.GetFiles(TestModels.Chat.Path).Select(f => Path.GetFileName(f))]);
        var model = ModelFolder.Open(folder.Path, verifyChecksums: false);
        var cancel = TestContext.Current.CancellationToken;
        var first = new OnnxChatClient(model);
        var second = new OnnxChatClient(model);
        Assert.False(LoadedSession.IsLoaded(model.File("model.onnx")));

        await Task.WhenAll(first.LoadAsync(cancel), first.LoadAsync(cancel), second.LoadAsync(cancel));
        first.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.LoadAsync(cancel));
        Assert.True(LoadedSession.IsLoaded(model.File("model.onnx")));

        second.Dispose();
        Assert.False(LoadedSession.IsLoaded(model.File("model.onnx")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new OnnxChatClient(model).LoadAsync(new CancellationToken(canceled: true)));
    }
}
