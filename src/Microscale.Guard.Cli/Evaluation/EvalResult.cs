using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>What <c>microscale eval --json</c> prints of a pipeline: <c>n</c>, <c>seconds</c>, and the figures by name, null where they
/// are not defined; of schemas their counts.</summary>
internal sealed record EvalResult
{
    public required string Kind { get; init; }

    public required string Data { get; init; }

    public required string Pipeline { get; init; }

    public required int N { get; init; }

    public required double Seconds { get; init; }

    public double? BalancedAccuracy { get; init; }

    public double? Auroc { get; init; }

    public double? Accuracy { get; init; }

    public double? Coverage { get; init; }

    public double? SelectiveRisk { get; init; }

    public double? Aurc { get; init; }

    public double? EAurc { get; init; }

    public double? Ece { get; init; }

    public double? Brier { get; init; }

    public int? Compiled { get; init; }

    public int? Wrong { get; init; }

    public int? ValidAccepted { get; init; }

    public int? InvalidRejected { get; init; }

    public int? Skipped { get; init; }

    /// <summary>All pipelines, this one first, where there are several.</summary>
    public IReadOnlyList<EvalResult>? Pipelines { get; init; }

    public static EvalResult Of(RunResults results)
    {
        EvalResult[] all = [.. results.Pipelines.Select(p => Of(results.Run, p))];
        return all.Length == 1 ? all[0] : all[0] with { Pipelines = all };
    }

    private static EvalResult Of(RunDescription run, PipelineResults results)
    {
        var figures = RunFigures.Of(results);
        return new()
        {
            Kind = run.Kind,
            Data = run.Data,
            Pipeline = results.Name,
            N = figures.N,
            Seconds = figures.Seconds,
            BalancedAccuracy = figures.BalancedAccuracy,
            Auroc = figures.Auroc,
            Accuracy = figures.Accuracy,
            Coverage = figures.Coverage,
            SelectiveRisk = figures.SelectiveRisk,
            Aurc = figures.Aurc,
            EAurc = figures.EAurc,
            Ece = figures.Ece,
            Brier = figures.Brier,
            Compiled = figures.Schema?.Compiled,
            Wrong = figures.Schema?.Wrong,
            ValidAccepted = figures.Schema?.ValidAccepted,
            InvalidRejected = figures.Schema?.InvalidRejected,
            Skipped = figures.Schema?.Skipped,
        };
    }
}
