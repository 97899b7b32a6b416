using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microscale.Guard.Samples;

/// <summary>The passages that the samples answer from; they are part of the program.</summary>
public static class SampleDocuments
{
    private const string ResourceFolder = "Documents/";

    /// <summary>All passages as evidence, in the order of their files.</summary>
    public static IReadOnlyList<Evidence> Load() => [.. LoadPassages().Select(p => p.ToEvidence())];

    /// <summary>All passages, in the order of their files.</summary>
    public static IReadOnlyList<Passage> LoadPassages()
    {
        var assembly = typeof(SampleDocuments).Assembly;
        List<Passage> passages = [];
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(ResourceFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var file = JsonSerializer.Deserialize(stream, DocumentsJsonContext.Default.DocumentFile)
                ?? throw new InvalidDataException($"The embedded file '{name}' is empty.");
            passages.AddRange(file.Passages);
        }

        return passages;
    }
}

/// <summary>One file of passages.</summary>
internal sealed record DocumentFile(string Topic, IReadOnlyList<Passage> Passages);

/// <summary>A passage: sentences that each stand alone, because a verifier reads them one by one.</summary>
/// <param name="Id">Names the passage.</param>
/// <param name="Title">What the passage is about; a citation shows it.</param>
/// <param name="Source">Who wrote the passage, and where its facts come from.</param>
/// <param name="Url">Where a person can check the facts.</param>
/// <param name="Sentences">The text.</param>
public sealed record Passage(string Id, string Title, string Source, Uri Url, IReadOnlyList<string> Sentences)
{
    public Evidence ToEvidence() => new(Id, string.Join(' ', Sentences)) { Source = Title, Url = Url };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DocumentFile))]
internal sealed partial class DocumentsJsonContext : JsonSerializerContext;
