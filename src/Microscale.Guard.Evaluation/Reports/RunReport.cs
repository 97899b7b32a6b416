namespace Microscale.Guard.Evaluation;

/// <summary>A run in a report.</summary>
/// <param name="Run">What was measured.</param>
/// <param name="Done">How many evaluations are done.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Pipelines">Its pipelines.</param>
/// <param name="Differences">How the later pipelines differ from the first, figure by figure, on the rows that both have.</param>
public sealed record RunReport(
    RunDescription Run, long Done, long Total, IReadOnlyList<PipelineReport> Pipelines, IReadOnlyList<FigureDifference> Differences)
{
    internal static RunReport Create(RunResults results, ReportOptions options) => new(
        results.Run,
        results.Count,
        results.Total,
        [.. results.Pipelines.Select(p => PipelineReport.Create(p, options))],
        [.. results.Pipelines.Skip(1).SelectMany(p => FigureDifference.Of(results.Pipelines[0], p, options))]);
}

/// <summary>How a figure of a pipeline differs from that of another on the same rows.</summary>
/// <param name="Figure">The figure's name.</param>
/// <param name="From">The pipeline that it is compared with.</param>
/// <param name="To">The pipeline.</param>
/// <param name="Difference">The difference, its interval, and the probability of as much by chance (paired bootstrap).</param>
public sealed record FigureDifference(string Figure, string From, string To, PairedDifference Difference)
{
    internal static IEnumerable<FigureDifference> Of(PipelineResults from, PipelineResults to, ReportOptions options)
    {
        var known = from.Rows.ToDictionary(r => r.Row);
        EvaluatedRow[] second = [.. to.Rows.Where(r => known.ContainsKey(r.Row))];
        EvaluatedRow[] first = [.. second.Select(r => known[r.Row])];
        if (first.Length == 0 || to.Schema is not null)
        {
            yield break;
        }

        foreach (var metric in RunMetric.All)
        {
            if (PairedTests.Difference<EvaluatedRow>(first, second, metric.Of, FigureIntervals.Resamples(options, first.Length)) is { } difference)
            {
                yield return new(metric.Name, from.Name, to.Name, difference);
            }
        }
    }
}

/// <summary>Intervals of the figures of a pipeline.</summary>
internal static class FigureIntervals
{
    /// <summary>Above so many rows fewer samples are drawn: their intervals are narrow, and hardly differ.</summary>
    private const int ManyRows = 5_000;

    public static IReadOnlyDictionary<string, MetricInterval> Of(EvaluatedRow[] rows, ReportOptions options)
    {
        var intervals = new Dictionary<string, MetricInterval>(StringComparer.Ordinal);
        foreach (var metric in rows.Length == 0 ? [] : RunMetric.All)
        {
            if (Bootstrap.Interval<EvaluatedRow>(rows, metric.Of, Resamples(options, rows.Length)) is { } interval)
            {
                intervals.Add(metric.Name, interval);
            }
        }

        return intervals;
    }

    public static int Resamples(ReportOptions options, int rows) =>
        rows <= ManyRows ? options.Resamples : Math.Max(Math.Min(options.Resamples, 100), (int)((long)options.Resamples * ManyRows / rows));
}
