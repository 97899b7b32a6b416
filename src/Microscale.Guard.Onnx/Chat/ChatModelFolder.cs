namespace Microscale.Guard.Onnx;

/// <summary>The folder that a chat model is read from.</summary>
internal static class ChatModelFolder
{
    /// <summary>Checks that a folder holds a model.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var folder = Path.GetFullPath(path);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException(
                $"There is no model folder '{folder}': pass the folder that holds model.onnx, config.json and tokenizer.json.");
    }
}
