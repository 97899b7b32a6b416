using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Runs the analyzer's rules over a solution, a project, a folder or a file.</summary>
internal static class CodeScanner
{
    private static readonly string[] s_solutions = [".sln", ".slnx", ".slnf"];

    /// <param name="path">A solution, a project, a folder or a file of C#.</param>
    /// <param name="loose">Whether projects are not even tried.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="BadInputException">There is nothing to scan.</exception>
    public static async Task<ScanResult> ScanAsync(string path, bool loose, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var (root, projects, sources) = Find(path, loose);
        var findings = new HashSet<Finding>();
        var scanned = new List<ScannedProject>();
        await foreach (var unit in UnitsAsync(root, projects, sources, progress, cancellationToken))
        {
            progress.Report($"Scanning {unit.Name}");
            findings.UnionWith(await AnalyzeAsync(unit, cancellationToken));
            scanned.Add(new ScannedProject(unit.Name, unit.Compilation.SyntaxTrees.Count(), unit.Loose));
        }

        return new ScanResult(root, [.. findings.OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Column).ThenBy(f => f.Rule, StringComparer.Ordinal)], scanned);
    }

    /// <summary>The folder, what MSBuild is to load, and what is read as loose sources.</summary>
    private static (string Root, string[] Projects, string[] Sources) Find(string path, bool loose)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            var folder = Path.GetDirectoryName(full)!;
            return Path.GetExtension(full).ToUpperInvariant() switch
            {
                ".CS" or ".RAZOR" => (folder, [], [full]),
                ".CSPROJ" or ".SLN" or ".SLNX" or ".SLNF" => loose ? (folder, [], SourceFiles.Below(folder)) : (folder, [full], []),
                _ => throw new BadInputException($"'{path}' is no solution, project, folder or file of C#."),
            };
        }

        if (!Directory.Exists(full))
        {
            throw new BadInputException($"There is no solution, project, folder or file '{path}'.");
        }

        string[] solutions = [.. Directory.EnumerateFiles(full).Where(f => s_solutions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))];
        string[] projects = loose ? [] : solutions.Length == 1 ? solutions : SourceFiles.ProjectsBelow(full);
        string[] sources = projects.Length > 0 ? [] : SourceFiles.Below(full);
        return projects.Length + sources.Length > 0
            ? (full, projects, sources)
            : throw new BadInputException($"The folder '{path}' holds no solution, project or file of C#.");
    }

    private static async IAsyncEnumerable<ScanUnit> UnitsAsync(
        string root, string[] projects, string[] sources, IProgress<string> progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var unit in LooseSources.Units(root, sources, "no project", cancellationToken))
        {
            yield return unit;
        }

        if (projects.Length > 0)
        {
            using var loader = new ProjectLoader(progress);
            await foreach (var unit in loader.LoadAsync(root, projects, cancellationToken))
            {
                yield return unit;
            }
        }
    }

    private static async Task<IEnumerable<Finding>> AnalyzeAsync(ScanUnit unit, CancellationToken cancellationToken)
    {
        var diagnostics = await unit.Compilation
            .WithAnalyzers([new GuardAnalyzer()], new CompilationWithAnalyzersOptions(unit.Options, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync(cancellationToken);
        return diagnostics.Where(d => !d.IsSuppressed && d.Location.IsInSource && d.Severity != DiagnosticSeverity.Hidden).Select(Finding.From);
    }
}
