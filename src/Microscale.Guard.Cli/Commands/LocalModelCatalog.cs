using Microscale.Guard.Onnx;

namespace Microscale.Guard.Cli.Commands;

/// <summary>The local models that this project publishes, as they are found here.</summary>
internal static class LocalModelCatalog
{
    public static IReadOnlyList<(string Name, string Task)> Models { get; } =
    [
        (LocalModels.ChatModel, "chat"),
        (LocalModels.EmbeddingModel, "embeddings"),
        (LocalModels.EntailmentModel, "entailment"),
    ];

    public static IReadOnlyList<ModelRow> Rows() =>
    [
        .. Models.Select(m => Find(m.Name) is { } path
            ? new ModelRow(m.Name, m.Task, path, new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length))
            : new ModelRow(m.Name, m.Task, null, null)),
    ];

    /// <summary>The names that a command was given, or all.</summary>
    /// <exception cref="BadInputException">There is no such model.</exception>
    public static IReadOnlyList<(string Name, string Task)> Select(string[] names)
    {
        foreach (var unknown in names.Except(Models.Select(m => m.Name)))
        {
            throw new BadInputException($"There is no model '{unknown}': the models are {string.Join(", ", Models.Select(m => m.Name))}.");
        }

        return names.Length == 0 ? Models : [.. Models.Where(m => names.Contains(m.Name))];
    }

    private static string? Find(string name)
    {
        try
        {
            return ModelLocator.Find(name);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>A local model; <paramref name="Path"/> and <paramref name="Bytes"/> are null when it was not found.</summary>
internal sealed record ModelRow(string Name, string Task, string? Path, long? Bytes);
