namespace Microscale.Guard.Evaluation;

/// <summary>Calibrates a pipeline by what a run found: fits on one part of the groups, tests on the other.</summary>
public static class CalibrationRun
{
    /// <summary>Fits an artefact and tests it.</summary>
    /// <param name="run">What was measured.</param>
    /// <param name="results">What was found of the pipeline. Rows without a score, and those that verification withholds, are left out:
    /// the score never decides on them.</param>
    /// <param name="split">Which rows are fitted on; null for a half.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The pipeline has no scorer, its answers came of several models, prompts or scorers,
    /// or there are too few rows to fit or to test on.</exception>
    public static CalibrationOutcome Fit(RunDescription run, PipelineResults results, GroupSplit? split = null, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(results);
        split ??= new();
        options ??= new();
        var pairs = results.Rows
            .Where(r => r is { IsUpToScore: true, Score: not null })
            .ToLookup(split.IsFitted, r => new LabelledScore(r.RawScore ?? r.Score!.Value, r.IsTrue));
        LabelledScore[] fitted = [.. pairs[true]];
        LabelledScore[] tested = [.. pairs[false]];
        if (fitted.Length < CalibrationArtefact.MinimumCount || tested.Length < CalibrationArtefact.MinimumCount)
        {
            throw new InvalidOperationException(
                $"The pipeline '{results.Name}' has {fitted.Length} scored rows to fit on and {tested.Length} to test on: at least {CalibrationArtefact.MinimumCount} of each are needed. Evaluate more rows.");
        }

        options = new CalibrationOptions
        {
            Method = options.Method,
            RiskControl = options.RiskControl,
            ErrorRates = options.ErrorRates,
            Delta = options.Delta,
            TimeProvider = options.TimeProvider,
            Data = options.Data ?? new CalibrationData(run.Data, run.DataHash, split.ToString(), tested.Length),
        };
        var artefact = CalibrationArtefact.Fit(fitted, PipelineOf(results), options);
        return CalibrationOutcome.Test(artefact, tested);
    }

    private static CalibrationPipeline PipelineOf(PipelineResults results)
    {
        var scorer = Single(results.Scorers, "scorers") ?? throw new InvalidOperationException(
            $"The pipeline '{results.Name}' has no scorer: calibrate one that scores its answers.");

        // Models that do not say their names, and instructions that differ from row to row, are not checked.
        return new(scorer, Single(results.Models, "models"), results.Prompts.Count == 1 ? results.Prompts.First() : null);

        string? Single(HashSet<string> names, string what) => names.Count <= 1
            ? names.FirstOrDefault()
            : throw new InvalidOperationException(
                $"The rows of the pipeline '{results.Name}' came of several {what} ({string.Join(", ", names)}): calibrate each on its own.");
    }
}
