using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.MSBuild;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Loads projects through MSBuild, which runs in a process of its own with the installed .NET SDK.</summary>
internal sealed class ProjectLoader : IDisposable
{
    private const string AssetsFile = "project.assets.json";

    private readonly IProgress<string> _progress;
    private readonly MSBuildWorkspace _workspace = MSBuildWorkspace.Create();
    private readonly ConcurrentQueue<string> _failures = [];

    public ProjectLoader(IProgress<string> progress)
    {
        _progress = progress;
        _workspace.LoadMetadataForReferencedProjects = false;
        _workspace.RegisterWorkspaceFailedHandler(failed =>
        {
            if (failed.Diagnostic.Kind == WorkspaceDiagnosticKind.Failure)
            {
                _failures.Enqueue(failed.Diagnostic.Message);
            }
        });
    }

    /// <summary>The C# projects of solutions and project files, one after another; what cannot be loaded as loose sources.</summary>
    public async IAsyncEnumerable<ScanUnit> LoadAsync(
        string root, IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths.Where(p => _workspace.CurrentSolution.Projects.All(known => known.FilePath != p)))
        {
            _progress.Report($"Loading {Path.GetFileName(path)}");
            try
            {
                await OpenAsync(path, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failed[path] = exception.Message;
            }
        }

        foreach (var (path, reason) in failed)
        {
            var folder = Path.GetDirectoryName(path)!;
            foreach (var unit in LooseSources.Units(root, SourceFiles.Below(folder), reason, cancellationToken))
            {
                yield return unit;
            }
        }

        // A project for several frameworks is there once for each; one that lies elsewhere is only referred to.
        var loose = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var project in _workspace.CurrentSolution.Projects.Where(p => p.Language == LanguageNames.CSharp && IsBelow(root, p.FilePath)))
        {
            if (WhyUnusable(project) is { } reason)
            {
                string[] sources = loose.Add(project.FilePath!) ? [.. Sources(project)] : [];
                foreach (var unit in LooseSources.Units(root, sources, reason, cancellationToken))
                {
                    yield return unit;
                }
            }
            else if (await project.GetCompilationAsync(cancellationToken) is { } compilation)
            {
                yield return new ScanUnit(project.Name, compilation, project.AnalyzerOptions, null);
            }
        }
    }

    public void Dispose() => _workspace.Dispose();

    private static IEnumerable<string> Sources(Project project) =>
        project.Documents.Select(d => d.FilePath).Concat(project.AdditionalDocuments.Select(d => d.FilePath).Where(f => f is not null && RazorText.IsComponent(f)))
            .OfType<string>().Where(IsWritten);

    private async Task OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetExtension(path).Equals(".csproj", StringComparison.OrdinalIgnoreCase))
        {
            await _workspace.OpenProjectAsync(path, cancellationToken: cancellationToken);
        }
        else
        {
            await _workspace.OpenSolutionAsync(path, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Why a project's compilation lacks its packages, or more; null when it has them.</summary>
    private string? WhyUnusable(Project project) =>
        _failures.FirstOrDefault(f => f.Contains(project.FilePath!, StringComparison.OrdinalIgnoreCase))?.ReplaceLineEndings(" ")
        ?? (IsRestored(project) ? null : "not restored (run 'dotnet restore' first for exact results)");

    /// <summary>Whether there is what a restore writes: in the folder of what the compiler writes, or above it.</summary>
    private static bool IsRestored(Project project)
    {
        var folder = Path.GetDirectoryName(project.CompilationOutputInfo.AssemblyPath);
        for (var depth = 0; folder is not null && depth < 4; depth++, folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, AssetsFile)))
            {
                return true;
            }
        }

        return File.Exists(Path.Combine(Path.GetDirectoryName(project.FilePath!)!, "obj", AssetsFile));
    }

    private static bool IsBelow(string root, string? file) =>
        file is not null && !Path.GetRelativePath(root, file).StartsWith("..", StringComparison.Ordinal);

    private static bool IsWritten(string path) => !path.Split('/', '\\').Contains("obj", StringComparer.OrdinalIgnoreCase);
}
