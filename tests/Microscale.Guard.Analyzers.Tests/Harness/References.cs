using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>The assemblies that code under analysis is compiled against: those of this process, so that no test needs a
/// package feed.</summary>
internal static class References
{
    private static readonly string[] Wanted = ["System", "mscorlib", "netstandard", "Microsoft.Extensions.", "OllamaSharp", "OpenAI", "Microscale.Guard.dll"];

    /// <summary>The framework, the libraries of chat clients, and the guard.</summary>
    public static IReadOnlyList<MetadataReference> All { get; } = Load(Wanted);

    /// <summary>The framework alone.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } = Load(["System", "mscorlib", "netstandard"]);

    private static IReadOnlyList<MetadataReference> Load(string[] wanted) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => wanted.Any(w => Path.GetFileName(path).StartsWith(w, StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
