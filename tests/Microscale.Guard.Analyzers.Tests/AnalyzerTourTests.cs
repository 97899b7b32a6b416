using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests;

/// <summary>The sample in which each rule fires once, in a build, by the SARIF file that the compiler writes.</summary>
public partial class AnalyzerTourTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "samples", "AnalyzerTour");

    [Fact]
    public async Task Build_ReportsEachRuleOnce_WhereTheFilesSay()
    {
        var expected = Directory.EnumerateFiles(s_folder, "*.cs").SelectMany(Marks).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(expected, await BuildAsync());
        Assert.Equal(Harness.Rules.All.Select(r => r.Id).Order(StringComparer.Ordinal), expected.Select(e => e.Split(' ')[0]));
    }

    private static IEnumerable<string> Marks(string file) => File.ReadLines(file)
        .Select((line, index) => (Rule: Mark().Match(line).Groups["id"].Value, Line: index + 1))
        .Where(m => m.Rule.Length > 0)
        .Select(m => Format(m.Rule, file, m.Line));

    private static async Task<IReadOnlyList<string>> BuildAsync()
    {
        var output = Directory.CreateTempSubdirectory("microscale-guard-tour-");
        try
        {
            var configuration = typeof(AnalyzerTourTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            var sarif = Path.Combine(output.FullName, "rules.sarif");
            await DotNet.RunAsync(
                "build", Path.Combine(s_folder, "AnalyzerTour.csproj"), "--no-dependencies", "--no-incremental", "-c", configuration, "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:ErrorLog={sarif}%2Cversion=2.1");
            using var log = JsonDocument.Parse(await File.ReadAllBytesAsync(sarif, TestContext.Current.CancellationToken));
            return [.. log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Where(IsOurs).Select(Read).Order(StringComparer.Ordinal)];
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static bool IsOurs(JsonElement result) => result.GetProperty("ruleId").GetString()!.StartsWith("MSG", StringComparison.Ordinal);

    private static string Read(JsonElement result)
    {
        var location = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        var region = location.GetProperty("region");

        // A chain of calls is marked where it ends.
        return Format(result.GetProperty("ruleId").GetString()!, location.GetProperty("artifactLocation").GetProperty("uri").GetString()!, region.GetProperty("endLine").GetInt32());
    }

    private static string Format(string rule, string file, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"{rule} {Path.GetFileName(file)}:{line}");

    [GeneratedRegex(@"// (?<id>MSG\d{3})$")]
    private static partial Regex Mark();
}
