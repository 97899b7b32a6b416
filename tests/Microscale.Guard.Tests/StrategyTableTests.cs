using System.Text.RegularExpressions;
using Microscale.Guard.Testing;

namespace Microscale.Guard.Tests;

/// <summary>docs/strategies.md against the code.</summary>
public partial class StrategyTableTests
{
    private const int Columns = 6;

    private static readonly string[][] s_rows = [.. new RepositoryPage("docs/strategies.md").Read().Split('\n')
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| strategy |", StringComparison.Ordinal))
        .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    [Fact]
    public void EveryRow_SaysEverything() =>
        Assert.All(s_rows, row =>
        {
            Assert.Equal(Columns, row.Length);
            Assert.All(row, Assert.NotEmpty);
        });

    [Fact]
    public void EveryStrategy_HasARow()
    {
        var strategies = RepositoryPage.Files("src", "*.cs").SelectMany(f => Strategy().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).ToList();

        Assert.True(strategies.Count > 40, "The pattern finds no strategies any more.");
        Assert.All(strategies.Except(["AlternativesScorer", "AnswerVerification", "CheckedSimilarity"]), s => Assert.Contains(s_rows, r => r[1] == $"`{s}`"));
    }

    [Theory]
    [InlineData(typeof(StreamingMode))]
    [InlineData(typeof(CalibrationMethod))]
    [InlineData(typeof(RiskControlMethod))]
    public void EveryValue_HasARow(Type type) =>
        Assert.All(Enum.GetNames(type), name => Assert.Contains(s_rows, r => r[0] == $"`{type.Name}.{name}`"));

    [Fact]
    public void EveryFactory_HasARow() =>
        Assert.All(
            typeof(Confidence).GetMethods().Where(m => m.ReturnType == typeof(IConfidenceScorer)).Select(m => $"`Confidence.{m.Name}`")
                .Concat(typeof(EvidenceSource).GetMethods().Where(m => m.ReturnType == typeof(IEvidenceSource)).Select(m => $"`EvidenceSource.{m.Name}`")),
            name => Assert.Contains(s_rows, r => r[0] == name));

    [Fact]
    public void EveryRow_NamesATestThatIsThere() =>
        Assert.All(s_rows.Select(r => r[5]).Distinct(), test =>
            Assert.Single(RepositoryPage.Files("tests", Path.GetFileName(test) + ".cs")));

    /// <summary>A class that is a scorer, a verifier and so on, or derives from such a one.</summary>
    [GeneratedRegex(@"(?<!abstract )class (\w+)[^{;]*?[:,]\s*(?:IEvidenceSource|IConfidenceScorer|IClaimVerifier|IAbstentionPolicy|IAnswerSimilarity|CheckedSimilarity|AlternativesScorer|Calibrator)\b")]
    private static partial Regex Strategy();
}
