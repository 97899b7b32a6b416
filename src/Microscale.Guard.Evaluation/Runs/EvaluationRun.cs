using System.Runtime.CompilerServices;

namespace Microscale.Guard.Evaluation;

/// <summary>Measures pipelines on the rows of a data set, side by side.</summary>
public static class EvaluationRun
{
    /// <summary>Evaluates each row with each pipeline.</summary>
    /// <typeparam name="TRow">The rows.</typeparam>
    /// <param name="data">The rows, and what they are of; they are read twice, once to count them.</param>
    /// <param name="pipelines">The pipelines; at least one, each with a name of its own.</param>
    /// <param name="options">How the run is made; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run; what is done is in the journal.</param>
    /// <returns>What came of it, the same whether or not the run was ended and resumed in between.</returns>
    /// <remarks>Rows are read as they are needed, and of each item only what figures are made of is kept in memory.</remarks>
    /// <exception cref="EvaluationException">A pipeline failed on a row. It is asked again when the run is resumed.</exception>
    /// <exception cref="InvalidDataException">A row is bad, or the journal is that of another run.</exception>
    /// <exception cref="ArgumentException">There is no pipeline, or two have one name.</exception>
    public static async Task<RunResults> RunAsync<TRow>(
        EvaluationData<TRow> data,
        IReadOnlyList<IEvaluationPipeline<TRow>> pipelines,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(pipelines);
        Check(pipelines);
        options = (options ?? new()).Validated();

        var total = await data.CountAsync(cancellationToken);
        var run = new RunDescription(
            data.Kind, data.Name, data.Hash, total, options.Limit, options.Seed, [.. pipelines.Select(p => new PipelineDescription(p.Name, p.Fingerprint))]);
        var results = new RunResults(run);
        using var journal = options.JournalPath is { } path ? RunJournal.Open(path, run, results.Add) : null;
        var meter = new Meter(options, results.Count, results.Total);
        var gate = new Lock();
        await Parallel.ForEachAsync(
            Open(data, pipelines, results, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken },
            async (work, token) =>
            {
                var item = await EvaluateAsync(work.Pipeline, work.Row, work.Index, options, token);
                lock (gate)
                {
                    journal?.Append(item);
                    results.Add(item);
                    meter.Report(results.Count);
                }
            });
        return results;
    }

    private static void Check<TRow>(IReadOnlyList<IEvaluationPipeline<TRow>> pipelines)
    {
        if (pipelines.Count == 0)
        {
            throw new ArgumentException("There is no pipeline to measure: pass at least one.", nameof(pipelines));
        }

        if (pipelines.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two pipelines are named '{twice.Key}': give each a name of its own.", nameof(pipelines));
        }
    }

    /// <summary>What is still to do, read as it is needed.</summary>
    private static async IAsyncEnumerable<(long Index, TRow Row, IEvaluationPipeline<TRow> Pipeline)> Open<TRow>(
        EvaluationData<TRow> data,
        IReadOnlyList<IEvaluationPipeline<TRow>> pipelines,
        RunResults results,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What an earlier start did is a set that does not change, while results grow.
        var done = pipelines.Select(p => results.DoneRows(p.Name)).ToArray();
        long index = 0;
        await foreach (var row in data.ReadAsync(cancellationToken))
        {
            for (var i = 0; results.Sample.Contains(index) && i < pipelines.Count; i++)
            {
                if (!done[i].Contains(index))
                {
                    yield return (index, row, pipelines[i]);
                }
            }

            index++;
        }
    }

    private static async Task<EvaluationItem> EvaluateAsync<TRow>(
        IEvaluationPipeline<TRow> pipeline, TRow row, long index, RunOptions options, CancellationToken cancellationToken)
    {
        var started = options.TimeProvider.GetTimestamp();
        try
        {
            var item = await pipeline.EvaluateAsync(row, cancellationToken);
            item = item with
            {
                Pipeline = pipeline.Name,
                Row = index,
                Milliseconds = Math.Round(options.TimeProvider.GetElapsedTime(started).TotalMilliseconds, 1),
            };
            return options.KeepTexts ? item : item.WithoutTexts();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EvaluationException($"The pipeline '{pipeline.Name}' failed on row {index + 1}: {exception.Message}", exception);
        }
    }

    private sealed class Meter(RunOptions options, long before, long total)
    {
        private readonly long _started = options.TimeProvider.GetTimestamp();

        public void Report(long done) =>
            options.Progress?.Report(RunProgress.Of(done, before, total, options.TimeProvider.GetElapsedTime(_started)));
    }
}
