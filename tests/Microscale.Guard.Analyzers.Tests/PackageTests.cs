using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests;

/// <summary>The package brings the analyzers, and compilers from Roslyn 4.8 on can load them.</summary>
public class PackageTests
{
    private static readonly string[] s_analyzers = ["analyzers/dotnet/cs/Microscale.Guard.Analyzers.dll", "analyzers/dotnet/cs/Microscale.Guard.CodeFixes.dll"];

    [Fact]
    public async Task Package_HoldsTheAnalyzersAndDoesNotDependOnRoslyn()
    {
        var (files, dependencies) = await PackAsync("src/Microscale.Guard");

        Assert.Equal(s_analyzers, files.Where(IsAnalyzer));
        Assert.Contains("lib/net10.0/Microscale.Guard.dll", files);
        Assert.Contains("Microsoft.Extensions.AI", dependencies);
        Assert.DoesNotContain(dependencies, d => d.Contains("CodeAnalysis", StringComparison.Ordinal) || d.StartsWith("Microscale.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PackageOfItsOwn_HoldsTheAnalyzersAndNothingElse()
    {
        var (files, dependencies) = await PackAsync("analyzers/Microscale.Guard.CodeFixes", "Microscale.Guard.Analyzers");

        Assert.Equal(s_analyzers, files.Where(IsAnalyzer));
        Assert.DoesNotContain(files, f => f.StartsWith("lib/", StringComparison.Ordinal));
        Assert.Empty(dependencies);
    }

    [Fact]
    public void Assemblies_ReferToTheOldestCompilerOnly()
    {
        var analyzers = typeof(GuardAnalyzer).Assembly.GetReferencedAssemblies();
        var fixes = typeof(GuardClientCodeFixProvider).Assembly.GetReferencedAssemblies();

        // The compiler has no workspaces; a host brings its own System.Composition.
        Assert.DoesNotContain(analyzers, a => a.Name!.Contains("Workspaces", StringComparison.Ordinal));
        Assert.DoesNotContain(analyzers.Concat(fixes), a => a.Name!.StartsWith("System.Composition", StringComparison.Ordinal));
        Assert.All(
            analyzers.Concat(fixes).Where(a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            a => Assert.Equal(new Version(4, 8, 0, 0), a.Version));
    }

    private static bool IsAnalyzer(string file) => file.StartsWith("analyzers/", StringComparison.Ordinal);

    /// <summary>The files of a package, and the packages that it depends on.</summary>
    private static async Task<(IReadOnlyList<string> Files, IReadOnlyList<string> Dependencies)> PackAsync(string project, string id = "Microscale.Guard")
    {
        var folder = Directory.CreateTempSubdirectory("microscale-guard-pack-");
        try
        {
            var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            await DotNet.RunAsync("pack", project, "--no-build", "--no-restore", "-c", configuration, "-o", folder.FullName, "-nodeReuse:false");
            await using var package = await ZipFile.OpenReadAsync(Assert.Single(folder.GetFiles("*.nupkg")).FullName, TestContext.Current.CancellationToken);
            await using var manifest = await package.GetEntry($"{id}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
            var dependencies = (await XDocument.LoadAsync(manifest, LoadOptions.None, TestContext.Current.CancellationToken))
                .Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => (string)e.Attribute("id")!);
            return ([.. package.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal)], [.. dependencies]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
