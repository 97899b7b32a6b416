namespace Microscale.Guard.Analyzers.Tests.Harness;

internal static class Repository
{
    /// <summary>The folder of the solution that the tests were built in.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Microscale.Guard.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("There is no Microscale.Guard.sln above " + AppContext.BaseDirectory);
    }
}
