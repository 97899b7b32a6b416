using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests;

/// <summary>The fixes, as <c>dotnet format analyzers</c> applies them to a copy of the tour.</summary>
public class DotNetFormatTests
{
    /// <summary>The rules that have a fix for what the tour holds.</summary>
    private static readonly string[] s_fixed = ["MSG001", "MSG002", "MSG003", "MSG004", "MSG005", "MSG006"];

    [Fact]
    public async Task Format_OfTheTour_LeavesCodeThatBuildsWithoutFindings()
    {
        await SkipWithoutFormatAsync();
        var folder = Directory.CreateTempSubdirectory("microscale-guard-format-");
        try
        {
            var project = await CopyTourAsync(folder.FullName);
            await DotNet.RunAsync("restore", project);

            // MSG002 has two fixes, and among other rules dotnet format may pass over the second one.
            await FormatAsync(project, s_fixed.Where(rule => rule != "MSG002"));
            await FormatAsync(project, ["MSG002"]);

            Assert.Contains("[Guarded] IChatClient client", await ReadAsync(folder, "GuardNotProvable.cs"), StringComparison.Ordinal);
            Assert.Contains("UseHallucinationGuard", await ReadAsync(folder, "UnguardedCall.cs"), StringComparison.Ordinal);
            await WriteConfigAsync(folder.FullName, string.Concat(s_fixed.Select(rule => $"dotnet_diagnostic.{rule}.severity = error\n")));
            await DotNet.RunAsync("build", project, "--no-restore", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task FormatAsync(string project, IEnumerable<string> rules) =>
        DotNet.RunAsync(["format", "analyzers", project, "--no-restore", "--severity", "info", "--diagnostics", .. rules]);

    private static async Task SkipWithoutFormatAsync()
    {
        try
        {
            await DotNet.RunAsync("format", "--version");
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip("dotnet format does not run here: " + e.Message);
        }
    }

    /// <summary>A project of the tour's sources that refers to the assemblies of this process, so that it needs no package.</summary>
    private static async Task<string> CopyTourAsync(string folder)
    {
        foreach (var source in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "AnalyzerTour"), "*.cs"))
        {
            File.Copy(source, Path.Combine(folder, Path.GetFileName(source)));
        }

        await WriteConfigAsync(folder, "");
        var project = Path.Combine(folder, "Tour.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <Built>{AppContext.BaseDirectory}</Built>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="$(Built)Microscale.Guard.dll;$(Built)OllamaSharp.dll;$(Built)Microsoft.Extensions.*.dll" />
                <Analyzer Include="$(Built)Microscale.Guard.Analyzers.dll;$(Built)Microscale.Guard.CodeFixes.dll" />
              </ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        return project;
    }

    private static Task WriteConfigAsync(string folder, string lines) =>
        File.WriteAllTextAsync(Path.Combine(folder, ".editorconfig"), "root = true\n[*.cs]\n" + lines, TestContext.Current.CancellationToken);

    private static Task<string> ReadAsync(DirectoryInfo folder, string file) =>
        File.ReadAllTextAsync(Path.Combine(folder.FullName, file), TestContext.Current.CancellationToken);
}
