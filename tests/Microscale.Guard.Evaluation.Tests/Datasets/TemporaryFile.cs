namespace Microscale.Guard.Evaluation.Tests.Datasets;

/// <summary>A file that is there while a test runs.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microscale-").FullName;

    public TemporaryFile(string name, string text)
        : this(name) => File.WriteAllText(Path, text);

    public TemporaryFile(string name) => Path = System.IO.Path.Combine(_folder, name);

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
