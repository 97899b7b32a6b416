using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>Reads the json files of a model folder.</summary>
internal static class ModelJson
{
    /// <summary>Reads a file.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="read">Reads what is needed; what it throws about wrong content becomes the exception below.</param>
    /// <param name="remedy">What the file must hold; null when its damage says enough.</param>
    /// <exception cref="ModelFolderException">It is not there, is damaged, or holds something else than expected.</exception>
    public static T Read<T>(ModelFolder folder, string name, Func<JsonElement, T> read, string? remedy = null)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(folder.File(name)));
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw ModelFolderException.For(folder.Path, [], [name], remedy ?? $"; it cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
