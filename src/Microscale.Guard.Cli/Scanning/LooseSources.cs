using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Compiles sources without their projects, against the assemblies that can be found.</summary>
/// <remarks>Sources are taken together by the nearest project file above them, whose packages and usings are read as text. Each file of
/// top-level statements is a program of its own, and each Razor component is read as a class. Code that does not compile is analyzed as far as it can be.</remarks>
internal static class LooseSources
{
    private static readonly string[] s_symbols =
        ["NET", "NETCOREAPP", "TRACE", .. Enumerable.Range(5, 6).Select(version => FormattableString.Invariant($"NET{version}_0_OR_GREATER"))];

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Preview, preprocessorSymbols: s_symbols);

    public static IEnumerable<ScanUnit> Units(string root, IReadOnlyCollection<string> files, string reason, CancellationToken cancellationToken) =>
        files.GroupBy(f => ProjectText.Above(f, root)).SelectMany(group => Group(root, group.Key, [.. group], reason, cancellationToken));

    private static IEnumerable<ScanUnit> Group(string root, string? projectFile, string[] files, string reason, CancellationToken cancellationToken)
    {
        SyntaxTree[] trees = [.. files.Select(f => Parse(f, root, projectFile, cancellationToken))];
        var project = ProjectText.Read(projectFile);
        var references = FoundReferences.For(project, trees, cancellationToken);
        var config = EditorConfig.For(trees);
        var usings = CSharpSyntaxTree.ParseText(project.GlobalUsings, s_parsing, cancellationToken: cancellationToken);
        var name = projectFile is null ? Path.GetFileName(root) : Path.GetFileNameWithoutExtension(projectFile);

        SyntaxTree[] programs = [.. trees.Where(t => IsProgram(t, cancellationToken))];
        SyntaxTree[] others = [.. trees.Except(programs)];
        if (programs.Length <= 1)
        {
            return [Unit(name, trees)];
        }

        var units = programs.Select(p => Unit(Path.GetFileName(p.FilePath), [p, .. others]));
        return others.Length == 0 ? units : units.Prepend(Unit(name, others));

        ScanUnit Unit(string unit, SyntaxTree[] parts) => new(
            unit,
            CSharpCompilation.Create(
                unit,
                parts.Append(usings),
                references,
                new CSharpCompilationOptions(
                    parts.Any(programs.Contains) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                    allowUnsafe: true,
                    nullableContextOptions: NullableContextOptions.Enable,
                    metadataImportOptions: MetadataImportOptions.Public).WithSyntaxTreeOptionsProvider(config.Severities)),
            config.Options,
            reason);
    }

    private static SyntaxTree Parse(string file, string root, string? projectFile, CancellationToken cancellationToken)
    {
        if (RazorText.IsComponent(file))
        {
            return CSharpSyntaxTree.ParseText(SourceText.From(RazorText.ToCode(file, root, projectFile), Encoding.UTF8), s_parsing, file, cancellationToken);
        }

        using var stream = File.OpenRead(file);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream), s_parsing, file, cancellationToken);
    }

    private static bool IsProgram(SyntaxTree tree, CancellationToken cancellationToken) =>
        ((CompilationUnitSyntax)tree.GetRoot(cancellationToken)).Members.Any(SyntaxKind.GlobalStatement);
}
