namespace Microscale.Guard.Cli.Scanning;

/// <summary>Finds code below a folder, without what builds make.</summary>
internal static class SourceFiles
{
    private static readonly string[] s_skipped = ["bin", "obj", "node_modules", ".git", ".vs"];

    public static string[] Below(string folder) => [.. Files(folder, "*.cs"), .. Files(folder, "*" + RazorText.Extension).Where(RazorText.IsComponent)];

    public static string[] ProjectsBelow(string folder) => [.. Files(folder, "*.csproj")];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(d => !s_skipped.Contains(Path.GetFileName(d), StringComparer.OrdinalIgnoreCase) && new DirectoryInfo(d).LinkTarget is null)
                .SelectMany(d => Files(d, pattern)))
            .Order(StringComparer.Ordinal);
}
