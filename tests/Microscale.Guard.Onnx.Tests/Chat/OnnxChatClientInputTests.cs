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
        { nameof(ChatOptions.MaxOutputTokens), new() { MaxOutputTokens = 0 } },
        { nameof(ChatOptions.StopSequences), new() { StopSequences = ["a", ""] } },
    };

    public static TheoryData<string, ChatOptions> UnsupportedOptions => new()
    {
        { nameof(ChatOptions.Tools), new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { nameof(ChatOptions.ToolMode), new() { ToolMode = ChatToolMode.RequireAny } },
        { nameof(ChatOptions.ResponseFormat), new() { ResponseFormat = ChatResponseFormat.Json } },
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
        { nameof(OnnxChatClientOptions.IntraOpThreads), new() { IntraOpThreads = 100_000 } },
        { nameof(OnnxChatClientOptions.ModelId), new() { ModelId = " " } },
        { nameof(OnnxChatClientOptions.TimeProvider), new() { TimeProvider = null! } },
    };

    [Theory]
    [MemberData(nameof(WrongClientOptions))]
    public void Constructor_OptionOutOfRange_NamesIt(string setting, OnnxChatClientOptions options)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => new OnnxChatClient(ChatModel.Folder, options));

        Assert.Contains("OnnxChatClientOptions." + setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_UnknownFolder_NamesIt() => Assert.Contains(
        "nowhere", Assert.Throws<DirectoryNotFoundException>(() => new OnnxChatClient("nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void Constructor_DamagedFiles_AreNamed()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Assert.Contains("tokenizer.json", Assert.Throws<FileNotFoundException>(() => new OnnxChatClient(folder.FullName)).Message, StringComparison.Ordinal);
            Copy("tokenizer.json");
            Assert.Contains("config.json", Assert.Throws<FileNotFoundException>(() => new OnnxChatClient(folder.FullName)).Message, StringComparison.Ordinal);
            Write("config.json", "{}");
            Assert.Contains("num_attention_heads", Assert.Throws<InvalidDataException>(() => new OnnxChatClient(folder.FullName)).Message, StringComparison.Ordinal);
            Copy("config.json");
            Assert.Contains("model.onnx", Assert.Throws<FileNotFoundException>(() => new OnnxChatClient(folder.FullName)).Message, StringComparison.Ordinal);
            Copy("model.onnx");
            Copy("embedding.data");
            Copy("layers.1.data");
            Write("layers.0.data", "cut short");
            var exception = Assert.Throws<InvalidDataException>(() => new OnnxChatClient(folder.FullName));
            Assert.Contains("weight file", exception.Message, StringComparison.Ordinal);
            Assert.Contains("SHA256SUMS", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Copy(string name) => File.Copy(Path.Combine(ChatModel.Folder, name), Path.Combine(folder.FullName, name), overwrite: true);
        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }
}
