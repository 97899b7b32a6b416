using Microscale.Guard.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>Every rule has what a user looks up: a page, a link to it and a row in the release notes.</summary>
public class RulePagesTests
{
    public static TheoryData<string> Ids => [.. Rules.Select(r => r.Id)];

    private static IEnumerable<DiagnosticDescriptor> Rules => typeof(UnguardedCallAnalyzer).Assembly.GetTypes()
        .Where(t => !t.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(t))
        .SelectMany(t => ((DiagnosticAnalyzer)Activator.CreateInstance(t)!).SupportedDiagnostics);

    [Fact]
    public void Ids_AreUnique() => Assert.Equal(Rules.Select(r => r.Id).Distinct(), Rules.Select(r => r.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasItsPage(string id)
    {
        var rule = Rules.Single(r => r.Id == id);
        Assert.Equal($"docs/rules/{id}.md", rule.HelpLinkUri);

        var page = File.ReadAllText(Path.Combine(Repository.Root, rule.HelpLinkUri));

        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"| {rule.Category} | {rule.DefaultSeverity} |", page, StringComparison.Ordinal);
        Assert.Contains($"dotnet_diagnostic.{id}.severity", page, StringComparison.Ordinal);
        foreach (var section in new[] { "## What", "## Why", "## Bad", "## Good", "## Configuration" })
        {
            Assert.Contains($"\n{section}\n", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasItsReleaseRow(string id)
    {
        var rule = Rules.Single(r => r.Id == id);
        var folder = Path.Combine(Repository.Root, "analyzers", "Microscale.Guard.Analyzers");

        var rows = File.ReadLines(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            .Concat(File.ReadLines(Path.Combine(folder, "AnalyzerReleases.Unshipped.md")));

        Assert.Single(rows, r => r.StartsWith($"{id} | {rule.Category} | {rule.DefaultSeverity} | ", StringComparison.Ordinal));
    }
}
