using System.Reflection;
using System.Text.RegularExpressions;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>docs/telemetry.md names what the code emits, and nothing else.</summary>
public partial class TelemetryPageTests
{
    [Theory]
    [InlineData("Activities", "activity")]
    [InlineData("Instruments", "instrument")]
    [InlineData("Attributes", "attribute")]
    [InlineData("Events", "event")]
    public void Page_HasEachName_InItsTable(string type, string column)
    {
        var names = typeof(GuardTelemetryNames).GetNestedType(type, BindingFlags.NonPublic)!.GetFields()
            .Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal);

        Assert.Equal(names, Table(column).Order(StringComparer.Ordinal));
    }

    /// <summary>The names in the first column of the table whose heading begins with a word.</summary>
    private static IEnumerable<string> Table(string column)
    {
        var rows = File.ReadLines(Repository.FileOf("docs", "telemetry.md"))
            .SkipWhile(l => !l.StartsWith($"| {column} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(l => l.StartsWith('|'));
        return rows.Select(r => FirstName().Match(r).Groups[1].Value);
    }

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex FirstName();
}
