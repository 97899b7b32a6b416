using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests;

/// <summary>The package brings the analyzers, and compilers from Roslyn 4.8 on can load them.</summary>
public class PackageTests
{
    [Fact]
    public async Task Package_HoldsTheAnalyzersAndDoesNotDependOnRoslyn()
    {
        var folder = Directory.CreateTempSubdirectory("microscale-guard-pack-");
        try
        {
            await PackAsync(folder.FullName);
            using var package = await ZipFile.OpenReadAsync(Assert.Single(folder.GetFiles("*.nupkg")).FullName, TestContext.Current.CancellationToken);

            var analyzers = package.Entries.Select(e => e.FullName).Where(n => n.StartsWith("analyzers/", StringComparison.Ordinal));
            Assert.Equal(
                ["analyzers/dotnet/cs/Microscale.Guard.Analyzers.dll", "analyzers/dotnet/cs/Microscale.Guard.CodeFixes.dll"],
                analyzers.Order(StringComparer.Ordinal));
            Assert.Contains(package.Entries, e => e.FullName == "lib/net10.0/Microscale.Guard.dll");

            await using var manifest = await package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).OpenAsync(TestContext.Current.CancellationToken);
            var dependencies = (await XDocument.LoadAsync(manifest, LoadOptions.None, TestContext.Current.CancellationToken))
                .Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => (string)e.Attribute("id")!).ToList();
            Assert.Contains("Microsoft.Extensions.AI", dependencies);
            Assert.DoesNotContain(dependencies, d => d.Contains("CodeAnalysis", StringComparison.Ordinal) || d.StartsWith("Microscale.", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Assemblies_ReferToTheOldestCompilerOnly()
    {
        var analyzers = typeof(UnguardedCallAnalyzer).Assembly.GetReferencedAssemblies();
        var fixes = typeof(GuardClientCodeFixProvider).Assembly.GetReferencedAssemblies();

        // The compiler has no workspaces; a host brings its own System.Composition.
        Assert.DoesNotContain(analyzers, a => a.Name!.Contains("Workspaces", StringComparison.Ordinal));
        Assert.DoesNotContain(analyzers.Concat(fixes), a => a.Name!.StartsWith("System.Composition", StringComparison.Ordinal));
        Assert.All(
            analyzers.Concat(fixes).Where(a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            a => Assert.Equal(new Version(4, 8, 0, 0), a.Version));
    }

    private static async Task PackAsync(string output)
    {
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "pack", "src/Microscale.Guard", "--no-build", "--no-restore", "-c", configuration, "-o", output, "-nodeReuse:false" })
        {
            start.ArgumentList.Add(argument);
        }

        // A test runner that was started by MSBuild hands its settings down.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, string.Concat(texts));
    }
}
