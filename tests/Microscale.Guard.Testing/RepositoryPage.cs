namespace Microscale.Guard.Testing;

/// <summary>A page of the repository that tests read, or compare with what they generate.</summary>
/// <param name="path">Its path below the repository's folder.</param>
public sealed class RepositoryPage(string path)
{
    /// <summary>Set to 1, it makes tests write what they generate in place of comparing it.</summary>
    public const string WriteVariable = "WRITE_PAGES";

    private readonly string _file = Path.Combine(FindRoot(), path);

    public string Read() => File.ReadAllText(_file).ReplaceLineEndings("\n");

    /// <summary>Says what is wrong when the page differs from <paramref name="expected"/>; null when nothing is.</summary>
    public string? Compare(string expected)
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(_file, expected);
        }

        return File.Exists(_file) && Read() == expected ? null : $"{path} is stale: run this test with {WriteVariable}=1 and look at the difference.";
    }

    /// <summary>The files below a folder of the repository, without what was built.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(FindRoot(), folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Microscale.Guard.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("There is no Microscale.Guard.sln above " + AppContext.BaseDirectory);
    }
}
