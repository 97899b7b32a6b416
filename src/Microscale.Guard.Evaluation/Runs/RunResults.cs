namespace Microscale.Guard.Evaluation;

/// <summary>What a run found, pipeline by pipeline.</summary>
/// <remarks>Of each item only the facts are kept, and the texts of a few errors: some dozen bytes a row. Safe for concurrent
/// readers once the run is over.</remarks>
public sealed class RunResults
{
    private readonly Dictionary<string, PipelineResults> _byName = new(StringComparer.Ordinal);

    internal RunResults(RunDescription run)
    {
        Run = run;
        Sample = RowSample.Of(run.Rows, run.Limit, run.Seed);
        Pipelines = [.. run.Pipelines.Select(p => new PipelineResults(p.Name, p.Fingerprint))];
        foreach (var pipeline in Pipelines)
        {
            _byName.Add(pipeline.Name, pipeline);
        }
    }

    /// <summary>What was measured.</summary>
    public RunDescription Run { get; }

    /// <summary>What was found of each pipeline, in the order of the run.</summary>
    public IReadOnlyList<PipelineResults> Pipelines { get; }

    /// <summary>How many evaluations are done.</summary>
    public long Count => Pipelines.Sum(p => (long)p.Rows.Count);

    /// <summary>How many there are in all: rows times pipelines.</summary>
    public long Total => Sample.Count * Pipelines.Count;

    /// <summary>Whether every row was evaluated with every pipeline.</summary>
    public bool IsComplete => Count == Total;

    internal RowSample Sample { get; }

    /// <summary>Reads what a journal holds, also of a run that was ended or is still going on.</summary>
    /// <param name="path">The journal.</param>
    /// <exception cref="InvalidDataException">The file is no journal.</exception>
    public static RunResults Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        // A resumed run may have changed its limit: the last description counts.
        var results = new RunResults(RunJournal.Read(path, _ => { }));
        RunJournal.Read(path, results.Add);
        return results;
    }

    /// <summary>Takes an item; one of a pipeline or row that is not part of the run is left out.</summary>
    internal void Add(EvaluationItem item)
    {
        if (Sample.Contains(item.Row) && _byName.TryGetValue(item.Pipeline, out var pipeline))
        {
            pipeline.Add(item);
        }
    }

    /// <summary>The rows that are done with a pipeline.</summary>
    internal HashSet<long> DoneRows(string pipeline) => [.. _byName[pipeline].Rows.Select(r => r.Row)];
}
