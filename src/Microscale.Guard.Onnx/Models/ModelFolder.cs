namespace Microscale.Guard.Onnx;

/// <summary>The folder of a local model, whose files are those that were published.</summary>
/// <remarks>Immutable and safe for concurrent callers.</remarks>
public sealed class ModelFolder
{
    private ModelFolder(string path) => Path = path;

    /// <summary>The full path of the folder.</summary>
    public string Path { get; }

    /// <summary>The name of the folder, which is the name of the model.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Opens a folder.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="verifyChecksums">Whether the files are compared with the folder's <c>SHA256SUMS</c>. That is done once in a
    /// process, and again when the size or the time of a file changed. Otherwise only their presence is checked.</param>
    /// <exception cref="ModelFolderException">The folder, its SHA256SUMS or files that it lists are missing, or have another
    /// content. The message names all of them.</exception>
    public static ModelFolder Open(string path, bool verifyChecksums = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            throw new ModelFolderException(
                $"The model folder \"{full}\" does not exist. Give the path of an existing folder; {nameof(ModelLocator)} finds one by name.")
            {
                FolderPath = full,
            };
        }

        var folder = new ModelFolder(full);
        if (verifyChecksums || folder.Has(ModelChecksums.FileName))
        {
            folder.Require(ModelChecksums.FileName);
            ModelChecksums.Check(full, verifyChecksums);
        }

        return folder;
    }

    /// <summary>The full path of a file that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ModelFolderException">It is not there.</exception>
    public string File(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Require(name);
        return Combine(name);
    }

    /// <summary>Checks that files are there.</summary>
    /// <param name="names">Their names.</param>
    /// <exception cref="ModelFolderException">Some are not; the message names all of these.</exception>
    public void Require(params IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] missing = [.. names.Where(n => !Has(n))];
        if (missing.Length > 0)
        {
            throw ModelFolderException.For(Path, missing, []);
        }
    }

    /// <summary>Whether there is a file that need not be there.</summary>
    internal bool Has(string name) => System.IO.File.Exists(Combine(name));

    private string Combine(string name) => System.IO.Path.Combine(Path, name);
}
