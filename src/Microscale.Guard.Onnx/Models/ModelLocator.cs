namespace Microscale.Guard.Onnx;

/// <summary>Finds the folder of a local model by its name.</summary>
/// <remarks>
/// The places, in this order: the path that the caller gives; the folders that the environment variable
/// <see cref="EnvironmentVariable"/> names; <c>models</c> beside the application; <c>models</c> in a folder above the
/// application; <c>models</c> in the current folder or above it (the repository's). Safe for concurrent callers.
/// </remarks>
public static class ModelLocator
{
    /// <summary>Names one or several folders of models, separated by <see cref="Path.PathSeparator"/>.</summary>
    public const string EnvironmentVariable = "MICROSCALE_GUARD_MODELS";

    /// <summary>Finds a model.</summary>
    /// <param name="name">The name of the model, which is the name of its folder.</param>
    /// <param name="path">The folder of the model itself; no other place is looked at when it is given.</param>
    /// <returns>The full path of the folder. What is in it is not looked at.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no plain folder name.</exception>
    /// <exception cref="DirectoryNotFoundException">There is none. The message names every place that was looked at, and what
    /// to do.</exception>
    public static string Find(string name, string? path = null) => Find(
        name, path, Environment.GetEnvironmentVariable(EnvironmentVariable), AppContext.BaseDirectory, Environment.CurrentDirectory);

    internal static string Find(string name, string? path, string? variable, string application, string current)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name is "." or ".." || name.IndexOfAny(['/', '\\', Path.PathSeparator]) >= 0)
        {
            throw new ArgumentException($"\"{name}\" is not the name of a model: give the name of its folder, or its path as {nameof(path)}.", nameof(name));
        }

        string[] places = path is not null
            ? [Path.GetFullPath(path, current)]
            : [.. Roots(variable, application, current).Select(root => Path.Combine(root, name)).Distinct(StringComparer.Ordinal)];
        return Array.Find(places, Directory.Exists) ?? throw new DirectoryNotFoundException(
            $"The model \"{name}\" was not found. Looked at:{string.Concat(places.Select(p => $"{Environment.NewLine}  {p}"))}{Environment.NewLine}"
            + $"Pass the path of the folder \"{name}\", or set the environment variable {EnvironmentVariable} to the folder that holds it, "
            + "or put it into the folder \"models\" beside the application.");
    }

    private static IEnumerable<string> Roots(string? variable, string application, string current) =>
    [
        .. (variable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(root => Path.GetFullPath(root, current)),
        .. Above(application),
        .. Above(current),
    ];

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, "models");
        }
    }
}
