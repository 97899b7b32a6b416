using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>The assemblies that code under analysis is compiled against: those of this process, so that no test needs a
/// package feed.</summary>
internal static class References
{
    private static readonly string[] Wanted = ["System", "mscorlib", "netstandard", "Microsoft.Extensions.", "OllamaSharp", "OpenAI", "Microsoft.Agents.", "Microsoft.SemanticKernel.", "Microscale.Guard.dll"];

    /// <summary>The framework, the libraries of chat clients, and the guard.</summary>
    public static IReadOnlyList<MetadataReference> All { get; } = Load(Wanted);

    /// <summary>The framework alone.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } = Load(["System", "mscorlib", "netstandard"]);

    /// <summary>Another assembly, of this source.</summary>
    public static MetadataReference Library(string name, string source)
    {
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], All, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        return result.Success ? MetadataReference.CreateFromImage(image.ToArray()) : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static IReadOnlyList<MetadataReference> Load(string[] wanted) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => wanted.Any(w => Path.GetFileName(path).StartsWith(w, StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
