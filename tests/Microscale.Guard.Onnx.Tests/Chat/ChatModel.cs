namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>The repository's chat model, loaded once for all tests.</summary>
public sealed class ChatModel : IDisposable
{
    public static string Folder { get; } = Find();

    public OnnxChatClient Client { get; } = new(Folder);

    public void Dispose() => Client.Dispose();

    /// <summary>A file of the model's folder, line by line.</summary>
    public static IEnumerable<T> ReadLines<T>(string name, System.Text.Json.JsonSerializerOptions options) =>
        File.ReadLines(Path.Combine(Folder, name)).Where(l => l.Length > 0).Select(l => System.Text.Json.JsonSerializer.Deserialize<T>(l, options)!);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", "smollm2-135m-instruct-int8");
            if (Directory.Exists(model))
            {
                return model;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds models/smollm2-135m-instruct-int8.");
    }
}

/// <summary>Shares <see cref="ChatModel"/> and runs the tests that use it one after another.</summary>
[CollectionDefinition(nameof(ChatModelCollection))]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "What xunit calls a collection.")]
public sealed class ChatModelCollection : ICollectionFixture<ChatModel>;
