namespace Microscale.Guard.AspNetCore.Tests.History;

public class DecisionMapperTests
{
    private static readonly GuardReport Report = new()
    {
        Decision = GuardDecision.Abstained,
        Reason = GuardReason.Contradicted,
        Explanation = "SECRET explanation",
        Confidence = new("s", 0.4) { IsCalibrated = true, RawValue = 0.6 },
        Evidence = [new("SECRET id", "SECRET passage") { Source = "SECRET source", Url = new("https://secret.example/SECRET") }],
        Verdicts =
        [
            new(new Claim("SECRET claim", 0, 12), Verdict.Contradicted) { Findings = [new("facts", Verdict.Contradicted) { EvidenceId = "SECRET id", Explanation = "SECRET why" }] },
            new(new Claim("Other.", 13, 6), Verdict.Supported),
        ],
        Attempts = [new(GuardAttemptKind.Draft, GuardReason.Contradicted) { Confidence = new("s", 0.3) { RawValue = 0.5 } }, new(GuardAttemptKind.Repair, GuardReason.Contradicted)],
        Faults = [new(GuardStage.Verification, "judge", "System.TimeoutException", "SECRET message")],
        WithheldDraft = "SECRET draft",
    };

    private static readonly GuardObservation Observation = new(Report) { Question = "SECRET question", Answer = "SECRET answer", Draft = "SECRET draft", ModelId = "m", Threshold = 0.7 };

    [Fact]
    public void Map_WithoutContent_KeepsNoText()
    {
        var record = new DecisionMapper(captureContent: false, 1000).Map(Observation, DateTimeOffset.UnixEpoch);

        Assert.DoesNotContain("secret", record.ToString() + record.Detail + string.Concat(record.Claims), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"verifier\":\"facts\"", record.Detail, StringComparison.Ordinal);
        Assert.Equal((2, 1, 1), (record.Claims.Count, record.Contradicted, record.Supported));
    }

    [Fact]
    public void Map_WithContent_KeepsTextsUpToTheirLimit()
    {
        var record = new DecisionMapper(captureContent: true, 9).Map(Observation, DateTimeOffset.UnixEpoch);

        Assert.Contains("\"SECRET an\"", record.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET answer", record.Detail, StringComparison.Ordinal);
        Assert.Contains("\"evidence\":1", record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_CutText_KeepsPairsOfSurrogatesWhole()
    {
        var record = new DecisionMapper(captureContent: true, 4).Map(new(new GuardReport()) { Question = "abc😀" }, DateTimeOffset.UnixEpoch);

        Assert.Equal("abc", record.Question);
    }

    [Fact]
    public void Map_SeveralAttempts_ScoresTheFirstDraft()
    {
        var record = new DecisionMapper(captureContent: false, 1000).Map(Observation, DateTimeOffset.UnixEpoch);

        Assert.Equal((0.4, 0.3, 0.5, 30, false), (record.Confidence, record.Score, record.RawScore, record.ScoreBin, record.ScoreDecides));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.29, 29)]
    [InlineData(0.289999, 28)]
    [InlineData(0.57, 57)]
    [InlineData(0.58, 58)]
    [InlineData(1.0, 100)]
    [InlineData(double.NaN, null)]
    [InlineData(1.1, null)]
    public void ScoreBin_IsTheLargestHundredthThatTheScoreReaches(double score, int? bin) => Assert.Equal(bin, DecisionMapper.ScoreBin(score));

    [Fact]
    public void Map_Ids_SortByTime()
    {
        var mapper = new DecisionMapper(captureContent: false, 1000);
        var ids = Enumerable.Range(0, 100).Select(i => mapper.Map(Observation, DateTimeOffset.UnixEpoch.AddDays(i * 100)).Id).ToArray();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.True(string.CompareOrdinal(HistoryDatabase.IdAt(DateTimeOffset.UnixEpoch.AddDays(100)), ids[1]) <= 0);
        Assert.True(string.CompareOrdinal(HistoryDatabase.IdAt(DateTimeOffset.UnixEpoch.AddDays(100)), ids[0]) > 0);
    }
}
