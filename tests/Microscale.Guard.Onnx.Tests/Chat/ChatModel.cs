using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>The chat model, loaded once for all tests.</summary>
public sealed class ChatModel : IDisposable
{
    public OnnxChatClient Client { get; } = new(TestModels.Chat);

    public void Dispose() => Client.Dispose();
}

/// <summary>Shares <see cref="ChatModel"/> and runs the tests that use it one after another.</summary>
[CollectionDefinition(nameof(ChatModelCollection))]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "What xunit calls a collection.")]
public sealed class ChatModelCollection : ICollectionFixture<ChatModel>;
