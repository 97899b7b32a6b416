using System.Text.Json;

namespace Microscale.Guard.Onnx.Tests.Models;

/// <summary>The published models, which tests read and do not change.</summary>
internal static class TestModels
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static ModelFolder Chat => Open(LocalModels.ChatModel);

    public static ModelFolder Embedding => Open(LocalModels.EmbeddingModel);

    public static ModelFolder Entailment => Open(LocalModels.EntailmentModel);

    /// <summary>The lines of a file with what an independent implementation says of a model.</summary>
    public static IReadOnlyList<T> ReadGolden<T>(ModelFolder folder, string name) =>
        [.. File.ReadLines(folder.File(name)).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<T>(l, SnakeCase)!)];

    private static ModelFolder Open(string name) => ModelFolder.Open(ModelLocator.Find(name));
}
