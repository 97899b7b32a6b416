using System.Data.Common;
using System.Text.Json;

namespace Microscale.Guard.AspNetCore;

/// <summary>Counts in the database what the page shows; no more than bins and steps come out of it.</summary>
internal sealed class SummaryReader(GuardHistoryOptions options, HistoryDatabase database, HistoryTelemetry telemetry, GuardHistory history)
{
    private const int Steps = 48;
    private const int TopRows = 10;

    /// <summary>How many requests the threshold slider looks back.</summary>
    private const int LatestRequests = 5_000;
    private const int LatestLabels = 20_000;

    private const string Signal =
        "(contradicted > 0 OR unverifiable > 0 OR reason IN ('contradicted', 'unverifiable'))";

    /// <summary>The words for a first draft that was delivered as it was.</summary>
    private const string Answered = "(decision = 'delivered' AND reason = 'none')";

    public async Task<DashboardSummary> ReadAsync(TimeSpan window, string? scorer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var to = options.TimeProvider.GetUtcNow();
        var span = new Span(to - window, to, Math.Max(1, (long)window.TotalMilliseconds / Steps));
        var reasons = await ReasonsAsync(connection, span, cancellationToken);
        var scorers = await ScorersAsync(connection, span, cancellationToken);
        var chosen = scorer is not null && scorers.Contains(scorer) ? scorer : scorers.FirstOrDefault();
        var (series, overhead) = await SeriesAsync(connection, span, cancellationToken);
        return new()
        {
            From = span.From.ToUnixTimeMilliseconds(),
            To = span.To.ToUnixTimeMilliseconds(),
            Step = span.Step,
            Totals = Totals(reasons, series.Sum(s => s.Signals), await LabelsAsync(connection, span, cancellationToken)),
            Reasons = reasons,
            Series = series,
            Overhead = overhead,
            Verifiers = await VerifiersAsync(connection, span, cancellationToken),
            Scorers = scorers,
            Scores = chosen is null ? null : await ScoresAsync(connection, span, chosen, cancellationToken),
            UnsupportedClaims = options.CaptureContent ? await UnsupportedAsync(connection, span, cancellationToken) : [],
            Gaps = options.CaptureContent ? await GapsAsync(connection, span, cancellationToken) : [],
            History = new(database.Description, options.CaptureContent, telemetry.Dropped, history.Failure),
        };
    }

    private static SummaryTotals Totals(List<ReasonCount> reasons, long signals, long labels)
    {
        return new(
            reasons.Sum(r => r.Count), Of("delivered"), Of("repaired"), Of("escalated"), Of("abstained"),
            reasons.Where(r => r.Reason == "bypassed").Sum(r => r.Count), signals, labels);

        long Of(string decision) => reasons.Where(r => r.Decision == decision).Sum(r => r.Count);
    }

    private static Task<List<ReasonCount>> ReasonsAsync(DbConnection connection, Span span, CancellationToken cancellationToken) => connection.QueryAsync(
        "SELECT reason, decision, count(*) FROM guard_decisions WHERE id >= @since GROUP BY reason, decision ORDER BY count(*) DESC",
        [span.Since],
        r => new ReasonCount(r.GetString(0), r.GetString(1), r.Whole(2)),
        cancellationToken);

    private static async Task<long> LabelsAsync(DbConnection connection, Span span, CancellationToken cancellationToken) =>
        (long)(await connection.ScalarAsync("SELECT count(*) FROM guard_labels WHERE id >= @since", [span.Since], cancellationToken))!;

    private static Task<List<string>> ScorersAsync(DbConnection connection, Span span, CancellationToken cancellationToken) => connection.QueryAsync(
        "SELECT scorer FROM guard_decisions WHERE id >= @since AND scorer IS NOT NULL GROUP BY scorer ORDER BY count(*) DESC LIMIT 20",
        [span.Since],
        r => r.GetString(0),
        cancellationToken);

    private static async Task<(List<SeriesPoint> Series, Percentiles Overhead)> SeriesAsync(DbConnection connection, Span span, CancellationToken cancellationToken)
    {
        var from = span.From.ToUnixTimeMilliseconds();
        var rows = await connection.QueryAsync(
            $"""
            SELECT (at - @from) / @step, overhead_bin, count(*), count(CASE WHEN decision = 'abstained' THEN 1 END),
                count(CASE WHEN {Signal} THEN 1 END), sum(drift), count(drift)
            FROM guard_decisions WHERE id >= @since GROUP BY 1, 2
            """,
            [span.Since, ("@from", from), ("@step", span.Step)],
            r => (Step: r.Whole(0), Bin: (int)r.Whole(1), Count: r.Whole(2), Abstained: r.Whole(3), Signals: r.Whole(4), Drift: r.Real(5) ?? 0, Drifts: r.Whole(6)),
            cancellationToken);
        var steps = rows.ToLookup(r => Math.Clamp(r.Step, 0, Steps - 1));
        var series = Enumerable.Range(0, Steps).Select(i =>
        {
            var step = steps[i].ToArray();
            var drifts = step.Sum(r => r.Drifts);
            return new SeriesPoint(
                from + (i * span.Step), step.Sum(r => r.Count), step.Sum(r => r.Abstained), step.Sum(r => r.Signals),
                drifts == 0 ? null : step.Sum(r => r.Drift) / drifts, PercentilesOf(step.Select(r => (r.Bin, r.Count))));
        });
        return ([.. series], PercentilesOf(rows.Select(r => (r.Bin, r.Count))));
    }

    private static Percentiles PercentilesOf(IEnumerable<(int Bin, long Count)> rows)
    {
        var counts = rows.GroupBy(r => r.Bin).ToDictionary(g => g.Key, g => g.Sum(r => r.Count));
        return new(DurationBins.Percentile(counts, 0.5), DurationBins.Percentile(counts, 0.95), DurationBins.Percentile(counts, 0.99));
    }

    private static async Task<List<VerifierCounts>> VerifiersAsync(DbConnection connection, Span span, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync(
            "SELECT verifier, verdict, count(*) FROM guard_claims WHERE id >= @since GROUP BY verifier, verdict",
            [span.Since],
            r => (Verifier: r.GetString(0), Verdict: r.GetString(1), Count: r.Whole(2)),
            cancellationToken);
        return [.. rows.GroupBy(r => r.Verifier)
            .Select(g => new VerifierCounts(g.Key, Of(g, "supported"), Of(g, "contradicted"), Of(g, "unverifiable")))
            .OrderByDescending(v => v.Supported + v.Contradicted + v.Unverifiable)];

        static long Of(IEnumerable<(string, string Verdict, long Count)> rows, string verdict) => rows.Where(r => r.Verdict == verdict).Sum(r => r.Count);
    }

    private static async Task<ScoreSummary> ScoresAsync(DbConnection connection, Span span, string scorer, CancellationToken cancellationToken)
    {
        var groups = await connection.QueryAsync(
            $"""
            SELECT d.score_bin, d.score_decides, d.answered, count(*), sum(d.score), sum(d.signal), count(l.is_correct), coalesce(sum(l.is_correct), 0)
            FROM (
                SELECT id, score, score_bin, score_decides, CASE WHEN {Answered} THEN 1 ELSE 0 END AS answered, CASE WHEN {Signal} THEN 1 ELSE 0 END AS signal
                FROM guard_decisions WHERE id >= @since AND scorer = @scorer AND score_bin IS NOT NULL AND reason <> 'bypassed' ORDER BY id DESC LIMIT @latest
            ) d LEFT JOIN guard_labels l ON l.id = d.id
            GROUP BY d.score_bin, d.score_decides, d.answered
            """,
            [span.Since, ("@scorer", scorer), ("@latest", LatestRequests)],
            r => new ScoreGroup(
                (int)r.Whole(0), r.Whole(1) != 0, r.Whole(2) != 0, r.Whole(3), r.GetDouble(4), r.Whole(5), r.Whole(6), r.Whole(7)),
            cancellationToken);
        var labelled = await connection.QueryAsync(
            "SELECT score, is_correct FROM guard_labels WHERE scorer = @scorer AND is_correct IS NOT NULL AND score IS NOT NULL ORDER BY id DESC LIMIT @latest",
            [("@scorer", scorer), ("@latest", LatestLabels)],
            r => (Score: r.GetDouble(0), IsCorrect: r.Whole(1) != 0),
            cancellationToken);
        var (risk, area) = LabelledCurves.RiskCoverage(labelled);
        var (reliability, error) = LabelledCurves.Reliability(
            labelled.Select(p => new LabelledBin(DecisionMapper.ScoreBin(p.Score) ?? 0, 1, p.IsCorrect ? 1 : 0, p.Score)));
        return new()
        {
            Scorer = scorer,
            Threshold = await ThresholdAsync(connection, span, scorer, cancellationToken),
            Requests = groups.Sum(g => g.Count),
            WithheldAnyway = groups.Where(g => !g.ScoreDecides).Sum(g => g.Count),
            Distribution = Distribution(groups),
            Thresholds = ThresholdCurve.Compute(groups),
            Labels = labelled.Count,
            RiskCoverage = risk,
            Aurc = area,
            Reliability = reliability,
            Ece = error,
        };
    }

    private static async Task<double?> ThresholdAsync(DbConnection connection, Span span, string scorer, CancellationToken cancellationToken) => (double?)await connection.ScalarAsync(
        "SELECT threshold FROM guard_decisions WHERE id >= @since AND scorer = @scorer AND threshold IS NOT NULL ORDER BY id DESC LIMIT 1",
        [span.Since, ("@scorer", scorer)],
        cancellationToken);

    private static IReadOnlyList<ConfidenceBin> Distribution(List<ScoreGroup> groups)
    {
        var bins = groups.ToLookup(g => Math.Min(g.Bin / 5, 19));
        return [.. Enumerable.Range(0, 20).Select(i => new ConfidenceBin(i / 20.0, Sum(i, answered: true), Sum(i, answered: false)))];

        long Sum(int bin, bool answered) => bins[bin].Where(g => g.Answered == answered).Sum(g => g.Count);
    }

    private static async Task<List<UnsupportedClaim>> UnsupportedAsync(DbConnection connection, Span span, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync(
            "SELECT text, verdict, count(*), max(id) FROM guard_claims WHERE id >= @since AND verdict <> 'supported' AND text IS NOT NULL GROUP BY text, verdict ORDER BY count(*) DESC, max(id) DESC LIMIT @top",
            [span.Since, ("@top", TopRows)],
            r => new UnsupportedClaim(r.GetString(0), r.GetString(1), r.Whole(2), r.GetString(3), [], []),
            cancellationToken);
        for (var i = 0; i < rows.Count; i++)
        {
            var questions = await connection.QueryAsync(
                "SELECT DISTINCT d.question FROM guard_claims c JOIN guard_decisions d ON d.id = c.id WHERE c.id >= @since AND c.text = @text AND d.question IS NOT NULL LIMIT 3",
                [span.Since, ("@text", rows[i].Text)],
                r => r.GetString(0),
                cancellationToken);
            var details = await connection.QueryAsync(
                "SELECT detail FROM guard_details WHERE id = @id", [("@id", rows[i].DecisionId)], r => r.GetString(0), cancellationToken);
            var evidence = details is [var json] ? JsonSerializer.Deserialize(json, HistoryJsonContext.Default.DecisionDetail)!.Evidence : [];
            rows[i] = rows[i] with
            {
                Questions = questions,
                Sources = [.. evidence.Select(e => e.Source ?? e.Id).OfType<string>().Distinct().Take(5)],
            };
        }

        return rows;
    }

    private static Task<List<QuestionGap>> GapsAsync(DbConnection connection, Span span, CancellationToken cancellationToken) => connection.QueryAsync(
        "SELECT question, count(*), max(id) FROM guard_decisions WHERE id >= @since AND reason = 'no_evidence' AND question IS NOT NULL GROUP BY question ORDER BY count(*) DESC, max(id) DESC LIMIT @top",
        [span.Since, ("@top", TopRows)],
        r => new QuestionGap(r.GetString(0), r.Whole(1), r.GetString(2)),
        cancellationToken);

    /// <param name="From">The beginning.</param>
    /// <param name="To">The end.</param>
    /// <param name="Step">The length of a step, in milliseconds.</param>
    private sealed record Span(DateTimeOffset From, DateTimeOffset To, long Step)
    {
        public (string, object?) Since => ("@since", HistoryDatabase.IdAt(From));
    }
}
