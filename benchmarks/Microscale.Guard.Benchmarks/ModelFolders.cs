namespace Microscale.Guard.Benchmarks;

/// <summary>Finds the repository's models from the folder of the program.</summary>
internal static class ModelFolders
{
    public static string Chat => Find("smollm2-135m-instruct-int8");

    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", name);
            if (Directory.Exists(model))
            {
                return model;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds models/{name}: run the benchmarks inside the repository.");
    }
}
