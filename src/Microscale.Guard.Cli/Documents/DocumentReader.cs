using System.Text.Json;

namespace Microscale.Guard.Cli.Documents;

/// <summary>Reads the documents that answers may rest on, from files and folders.</summary>
internal static class DocumentReader
{
    /// <summary>What is read from a folder; a file that is named is read as text whatever its extension.</summary>
    private static readonly string[] s_extensions = [".txt", ".md", ".markdown", ".rst", ".csv", ".json", ".jsonl"];

    /// <summary>Reads files and, below folders, all files of text.</summary>
    /// <exception cref="BadInputException">A path is not there, or holds no text.</exception>
    public static async Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var documents = new List<Evidence>();
        foreach (var (path, name) in paths.SelectMany(Files))
        {
            documents.AddRange(await ReadFileAsync(path, name, cancellationToken));
        }

        return [.. documents.GroupBy(d => d.Id).SelectMany(same => same.Select((d, i) => i == 0 ? d : d with { Id = $"{d.Id} ({i + 1})" }))];
    }

    private static IEnumerable<(string Path, string Name)> Files(string path)
    {
        if (File.Exists(path))
        {
            return [(path, Path.GetFileName(path))];
        }

        if (!Directory.Exists(path))
        {
            throw new BadInputException($"There is no file or folder '{path}' to take documents from.");
        }

        (string, string)[] files =
        [
            .. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(f => s_extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Select(f => (f, Path.GetRelativePath(path, f).Replace('\\', '/'))),
        ];
        return files.Length > 0
            ? files
            : throw new BadInputException($"The folder '{path}' holds no document: files of text end in {string.Join(", ", s_extensions)}.");
    }

    private static async Task<IEnumerable<Evidence>> ReadFileAsync(string path, string name, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new BadInputException($"'{path}' is not a file of text: convert it first.");
        }

        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => ReadArray(path, name, text),
            ".JSONL" => text.Split('\n').Index().Where(l => !string.IsNullOrWhiteSpace(l.Item))
                .Select(l => ReadRecord(Parse(l.Item, $"{path}, line {l.Index + 1}"), name, l.Index + 1, $"{path}, line {l.Index + 1}")),
            _ => [new Evidence(name, text) { Source = name }],
        };
    }

    private static IEnumerable<Evidence> ReadArray(string path, string name, string text)
    {
        var root = Parse(text, path);
        return root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select((e, i) => ReadRecord(e, name, i + 1, $"{path}, item {i + 1}"))
            : Property(root, "text") is null
                ? [new Evidence(name, text) { Source = name }] // Some other object: its own text can be quoted too.
                : [ReadRecord(root, name, 1, path)];
    }

    private static Evidence ReadRecord(JsonElement record, string file, int number, string place)
    {
        if (Property(record, "text") is not { } text)
        {
            throw new BadInputException($"{place}: a document is an object with a field \"text\", and if you like \"id\", \"source\" and \"url\".");
        }

        return new Evidence(Property(record, "id") ?? $"{file}:{number}", text)
        {
            Source = Property(record, "source") ?? Property(record, "title") ?? file,
            Url = Uri.TryCreate(Property(record, "url"), UriKind.Absolute, out var url) ? url : null,
        };
    }

    private static string? Property(JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Parse(string text, string place)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{place}: {exception.Message}", exception);
        }
    }
}
