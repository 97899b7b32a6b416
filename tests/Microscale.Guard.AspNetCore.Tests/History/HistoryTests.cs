using Microscale.Guard.Testing;

namespace Microscale.Guard.AspNetCore.Tests.History;

/// <summary>What holds of the history on either database.</summary>
public abstract class HistoryTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private protected abstract Task<TestHistory> StartAsync(Action<GuardHistoryOptions>? configure = null);

    [Fact]
    public async Task Write_Decisions_ComeBackNewestFirst()
    {
        await using var history = await StartAsync();
        var records = Enumerable.Range(0, 250).Select(i => Records.Of(Now.AddSeconds(-i))).ToArray();

        await history.Store.WriteAsync(records, default);

        var listed = await history.Store.ListAsync(new(), 3, default);
        Assert.Equal(records.Take(3).Select(r => r.Id), listed.Select(r => r.Id));
        Assert.Equal(250, await history.Store.CountAsync(default));
        Assert.Equal(records[3].Id, (await history.Store.ListAsync(new(Before: listed[2].Id), 1, default))[0].Id);
        Assert.Equal(("delivered", "m", 0.9, 1L, "A question?"), (listed[0].Decision, listed[0].Model, listed[0].Confidence, listed[0].Supported, listed[0].Question));
    }

    [Fact]
    public async Task Find_Decision_HasItsDetail()
    {
        await using var history = await StartAsync();
        var record = Records.Of(Now, text: "It's \"quoted\"; DROP TABLE guard_decisions; --\0é😀\uD83D");

        await history.Store.WriteAsync([record, Records.Of(Now)], default);

        var found = await history.Store.FindAsync(record.Id, default);

        // No database takes a zero or half a pair of surrogates as text.
        Assert.Equal("It's \"quoted\"; DROP TABLE guard_decisions; --\uFFFDé😀\uFFFD", found!.Detail.Answer);
        Assert.Equal("a.md", found.Detail.Evidence[0].Source);
        Assert.Null(await history.Store.FindAsync("nothing", default));
    }

    [Fact]
    public async Task Summary_OfDecisions_CountsThem()
    {
        await using var history = await StartAsync();
        await history.Store.WriteAsync(
            [
                .. Enumerable.Range(0, 60).Select(i => Records.Of(Now.AddMinutes(-i / 2.0), score: 0.9)),
                .. Enumerable.Range(0, 20).Select(i => Records.Of(Now.AddMinutes(-i), score: 0.3)),
                .. Enumerable.Range(0, 10).Select(i => Records.Of(Now.AddMinutes(-i), verdict: Verdict.Contradicted, text: "A lie.")),
                Records.Of(Now.AddHours(-2)),
            ],
            default);

        var summary = await history.SummarizeAsync();

        Assert.Equal((90, 60, 30, 10), (summary.Totals.Requests, summary.Totals.Delivered, summary.Totals.Abstained, summary.Totals.Signals));
        Assert.Equal(90, summary.Series.Sum(s => s.Requests));
        Assert.Equal(30, summary.Series.Sum(s => s.Abstained));
        Assert.True(summary.Series.Count(s => s.Requests > 0) > 10);
        Assert.Equal([new("none", "delivered", 60), new("low_confidence", "abstained", 20), new ReasonCount("contradicted", "abstained", 10)], summary.Reasons);
        Assert.Equal(new VerifierCounts("v", 80, 10, 0), Assert.Single(summary.Verifiers));
        Assert.InRange(summary.Overhead.P50!.Value, 19, 21);
        var claim = Assert.Single(summary.UnsupportedClaims);
        Assert.Equal(("A lie.", "contradicted", 10L, "A question?", "a.md"), (claim.Text, claim.Verdict, claim.Count, Assert.Single(claim.Questions), Assert.Single(claim.Sources)));
        Assert.Equal(("s", 0.5, 90L, 10L), (summary.Scores!.Scorer, summary.Scores.Threshold, summary.Scores.Requests, summary.Scores.WithheldAnyway));
        Assert.Equal((60, 20), (summary.Scores.Distribution[18].Answered, summary.Scores.Distribution[6].Withheld));
        Assert.Equal((80, 20, 0), (summary.Scores.Thresholds[30].Answered, summary.Scores.Thresholds[30].NewlyAnswered, summary.Scores.Thresholds[30].NewlyWithheld));
    }

    [Fact]
    public async Task Summary_OfNothing_IsEmpty()
    {
        await using var history = await StartAsync();

        var summary = await history.SummarizeAsync();

        Assert.Equal((0, null, null), (summary.Totals.Requests, summary.Scores, summary.Overhead.P50));
        Assert.Equal(48, summary.Series.Count);
    }

    [Fact]
    public async Task Labels_AreExportedAsACalibrationReadsThem()
    {
        await using var history = await StartAsync();
        DecisionRecord[] records =
        [
            Records.Of(Now.AddSeconds(1), score: 0.9), Records.Of(Now.AddSeconds(2), score: 0.8), Records.Of(Now.AddSeconds(3), score: 0.3),
            Records.Of(Now.AddSeconds(4), score: 0.2), Records.Of(Now.AddSeconds(5), verdict: Verdict.Contradicted), Records.Of(Now.AddSeconds(6)),
        ];
        await history.Store.WriteAsync(records, default);
        (int, string?)[] labels = [(0, "right"), (1, "wrong"), (2, "should_have_answered"), (3, "right"), (4, "right"), (5, "right"), (5, null)];
        foreach (var (index, label) in labels)
        {
            Assert.Equal(FeedbackOutcome.Saved, await history.Labels.SaveAsync(records[index].Id, label, default));
        }

        var lines = await history.Labels.ExportAsync(default);

        // The contradicted one was not the score's to decide; the last label was taken back.
        Assert.Equal([(0.9, true), (0.8, false), (0.3, true), (0.2, false)], lines.Select(l => (l.Score, l.IsCorrect)));
        Assert.All(lines, l => Assert.Equal(("s/1", "m", "p"), (l.Scorer, l.Model, l.Prompt)));
        Assert.Equal(4, (await history.SummarizeAsync()).Scores!.Labels);
        Assert.Equal("right", (await history.Store.FindAsync(records[4].Id, default))!.Row.Label);
    }

    [Fact]
    public async Task Labels_ThatSayNothingOfTheDecision_AreRefused()
    {
        await using var history = await StartAsync();
        DecisionRecord[] records = [Records.Of(Now), Records.Of(Now, score: 0.1)];
        await history.Store.WriteAsync(records, default);

        Assert.Equal(FeedbackOutcome.DoesNotFit, await history.Labels.SaveAsync(records[0].Id, "should_have_answered", default));
        Assert.Equal(FeedbackOutcome.DoesNotFit, await history.Labels.SaveAsync(records[1].Id, "wrong", default));
        Assert.Equal(FeedbackOutcome.DoesNotFit, await history.Labels.SaveAsync(records[1].Id, "splendid", default));
        Assert.Equal(FeedbackOutcome.NotFound, await history.Labels.SaveAsync("nothing", "right", default));
    }

    [Fact]
    public async Task Trim_OldAndSurplusDecisions_AreThrownOutAndLabelsStay()
    {
        await using var history = await StartAsync(o => (o.MaxAge, o.MaxDecisions) = (TimeSpan.FromDays(1), 5));
        var old = Records.Of(Now.AddDays(-2));
        await history.Store.WriteAsync([old, .. Enumerable.Range(0, 8).Select(i => Records.Of(Now.AddSeconds(i - 100)))], default);
        await history.Labels.SaveAsync(old.Id, "right", default);

        await history.Store.TrimAsync(default);

        Assert.Equal(5, await history.Store.CountAsync(default));
        Assert.Null(await history.Store.FindAsync(old.Id, default));
        Assert.Single(await history.Labels.ExportAsync(default));
        Assert.Equal(5, (await history.SummarizeAsync()).Verifiers.Sum(v => v.Supported));
    }

    [Fact]
    public async Task Observer_Decisions_AreWrittenBehindTheRequest()
    {
        await using var history = await StartAsync();
        await history.History.StartAsync(default);

        for (var i = 0; i < 1200; i++)
        {
            history.History.OnDecided(Records.Observation());
        }

        await history.SettleAsync(1200);
        Assert.Equal((1200, 0), (history.Telemetry.Written, history.Telemetry.Dropped));
        Assert.Equal(1200, await history.Store.CountAsync(default));
    }
}

public sealed class SqliteHistoryTests : HistoryTests
{
    private protected override Task<TestHistory> StartAsync(Action<GuardHistoryOptions>? configure = null) => Task.FromResult(new TestHistory(configure));
}

public sealed class PostgreSqlHistoryTests(PostgreSqlHistoryTests.Server server) : HistoryTests, IClassFixture<PostgreSqlHistoryTests.Server>
{
    private protected override Task<TestHistory> StartAsync(Action<GuardHistoryOptions>? configure = null)
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        return server.StartHistoryAsync(configure);
    }

    [Fact]
    public async Task TwoReplicas_OnOneDatabase_ShowTheSameTotals()
    {
        await using var one = await StartAsync();
        await using var two = new TestHistory(o => o.PostgreSql = one.Options.PostgreSql);
        await Task.WhenAll(one.History.StartAsync(default), two.History.StartAsync(default));

        for (var i = 0; i < 300; i++)
        {
            one.History.OnDecided(Records.Observation());
            two.History.OnDecided(Records.Observation(score: 0.2));
        }

        await Task.WhenAll(one.SettleAsync(300), two.SettleAsync(300));
        var (first, second) = (await one.SummarizeAsync(), await two.SummarizeAsync());
        Assert.Equal((600, 300, 300), (first.Totals.Requests, first.Totals.Delivered, first.Totals.Abstained));
        Assert.Equal(first.Totals, second.Totals);
        Assert.Equal(first.Reasons, second.Reasons);
        Assert.Equal(first.Verifiers, second.Verifiers);
        Assert.Equal(first.Scores!.Thresholds, second.Scores!.Thresholds);
    }

    public sealed class Server : IAsyncLifetime
    {
        private PostgreSqlServer? _server;
        private int _databases;

        public async ValueTask InitializeAsync() => _server = PostgreSqlServer.Missing is null ? await PostgreSqlServer.StartAsync() : null;

        /// <summary>A history in a new database.</summary>
        internal async Task<TestHistory> StartHistoryAsync(Action<GuardHistoryOptions>? configure)
        {
            var name = $"history{Interlocked.Increment(ref _databases)}";
            await using (var source = new Npgsql.NpgsqlDataSourceBuilder(_server!.ConnectionString).Build())
            {
                await using var command = source.CreateCommand($"CREATE DATABASE {name}");
                await command.ExecuteNonQueryAsync();
            }

            return new TestHistory(o =>
            {
                o.PostgreSql = new Npgsql.NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
                configure?.Invoke(o);
            });
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }
}
