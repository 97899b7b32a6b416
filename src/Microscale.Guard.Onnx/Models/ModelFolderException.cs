namespace Microscale.Guard.Onnx;

/// <summary>The folder of a local model cannot be used: files are missing, or are not what they should be.</summary>
/// <remarks>The message names the folder, all files at fault, and what to do.</remarks>
public sealed class ModelFolderException : IOException
{
    /// <summary>Creates an exception without a message of its own.</summary>
    public ModelFolderException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    public ModelFolderException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="innerException">What showed it.</param>
    public ModelFolderException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The path of the folder; empty when unknown.</summary>
    public string FolderPath { get; init; } = "";

    /// <summary>The names of the files that are not there.</summary>
    public IReadOnlyList<string> MissingFiles { get; init; } = [];

    /// <summary>The names of the files whose content is not what it should be.</summary>
    public IReadOnlyList<string> WrongFiles { get; init; } = [];

    private const string Remedy = "Restore the folder as it was published (git restore, or copy it again)";

    internal static ModelFolderException For(
        string folder, IReadOnlyList<string> missing, IReadOnlyList<string> wrong, string? remedy = null, Exception? innerException = null)
    {
        string[] faults =
        [
            .. missing.Count > 0 ? [$"missing: {string.Join(", ", missing)}"] : Array.Empty<string>(),
            .. wrong.Count > 0 ? [$"wrong: {string.Join(", ", wrong)}"] : Array.Empty<string>(),
        ];
        return new ModelFolderException($"The model folder \"{folder}\" cannot be used: {string.Join("; ", faults)}. {Remedy}{remedy}.", innerException)
        {
            FolderPath = folder,
            MissingFiles = missing,
            WrongFiles = wrong,
        };
    }
}
