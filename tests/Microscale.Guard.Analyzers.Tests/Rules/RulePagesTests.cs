using Microscale.Guard.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

/// <summary>Every rule has what a user looks up: a page, a link to it, a row in the table and in the release notes; and tests.</summary>
public class RulePagesTests
{
    public static TheoryData<string> Ids => [.. Harness.Rules.All.Select(r => r.Id)];

    private static IReadOnlyList<string> Releases { get; } =
    [
        .. new[] { "Shipped", "Unshipped" }.SelectMany(name =>
            File.ReadLines(Path.Combine(Repository.Root, "analyzers", "Microscale.Guard.Analyzers", $"AnalyzerReleases.{name}.md"))),
    ];

    [Fact]
    public void Ids_AreUnique() => Assert.Equal(Harness.Rules.All.Select(r => r.Id).Distinct(), Harness.Rules.All.Select(r => r.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasItsPage(string id)
    {
        var rule = Harness.Rules.ById(id);
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
        var rule = Harness.Rules.ById(id);

        Assert.Single(Releases, r => r.StartsWith($"{id} | {rule.Category} | {rule.DefaultSeverity} | ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HasATestThatReportsAndOneThatIsSilent(string id)
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Microscale.Guard.Analyzers.Tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(t => t.Contains($"new(\"{id}\")", StringComparison.Ordinal))
            .ToList();

        Assert.Contains(tests, t => t.Contains("[|", StringComparison.Ordinal) && t.Contains("Silent", StringComparison.Ordinal));
    }

    [Fact]
    public void Table_IsUpToDate()
    {
        var path = Path.Combine(Repository.Root, "docs", "rules", "README.md");
        var page = File.ReadAllText(path);
        var (start, end) = ("<!-- table -->\n", "<!-- /table -->");
        var from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        var table = Table();

        if (page[from..to] != table && Environment.GetEnvironmentVariable("WRITE_RULE_TABLE") == "1")
        {
            File.WriteAllText(path, page[..from] + table + page[to..]);
        }

        Assert.True(page[from..to] == table, "The table of docs/rules/README.md is not what the rules say. Run this test with WRITE_RULE_TABLE=1.");
    }

    private static string Table()
    {
        var fixable = typeof(CodeFixes.GuardClientCodeFixProvider).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(t))
            .SelectMany(t => ((CodeFixProvider)Activator.CreateInstance(t)!).FixableDiagnosticIds)
            .ToHashSet();
        var rows = Harness.Rules.All.OrderBy(r => r.Id, StringComparer.Ordinal)
            .Select(r => $"| [{r.Id}]({r.Id}.md) | {r.Title} | {r.DefaultSeverity} | {(fixable.Contains(r.Id) ? "yes" : "no")} |\n");
        return "| rule | finds | severity | fix |\n|---|---|---|---|\n" + string.Concat(rows);
    }
}
