namespace Microscale.Guard.Evaluation;

/// <summary>A figure of <see cref="RunFigures"/>: its name, what it is for a person, and how it is made of rows.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Title">Its name for a person.</param>
/// <param name="IsHigherBetter">Whether more is better; null where neither is.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Write">Writes it.</param>
/// <param name="Compute">Makes it of rows, of which there is at least one; null where it is not defined.</param>
internal sealed record RunMetric(
    string Name,
    string Title,
    bool? IsHigherBetter,
    Func<RunFigures, double?> Read,
    Func<RunFigures, double?, RunFigures> Write,
    RunMetric.RowFunction Compute)
{
    /// <summary>A figure of rows.</summary>
    public delegate double? RowFunction(ReadOnlySpan<EvaluatedRow> rows);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RunMetric> All { get; } =
    [
        new("balancedAccuracy", "Balanced accuracy", true, f => f.BalancedAccuracy, (f, v) => f with { BalancedAccuracy = v }, BalancedAccuracy),
        new("auroc", "AUROC", true, f => f.Auroc, (f, v) => f with { Auroc = v }, rows => HasScores(rows) ? RankingMetrics.Auroc(Ranked(rows)) : null),
        new("accuracy", "Accuracy", true, f => f.Accuracy, (f, v) => f with { Accuracy = v }, rows => Share(rows, r => r.IsRight)),
        new("coverage", "Coverage", null, f => f.Coverage, (f, v) => f with { Coverage = v }, rows => Share(rows, r => r.IsAccepted)),
        new("selectiveRisk", "Selective risk", false, f => f.SelectiveRisk, (f, v) => f with { SelectiveRisk = v }, SelectiveRisk),
        new("aurc", "AURC", false, f => f.Aurc, (f, v) => f with { Aurc = v }, rows => HasScores(rows) ? SelectiveMetrics.Aurc(Ranked(rows)) : null),
        new("eAurc", "Excess AURC", false, f => f.EAurc, (f, v) => f with { EAurc = v }, rows => HasScores(rows) ? SelectiveMetrics.EAurc(Ranked(rows)) : null),
        new("ece", "ECE", false, f => f.Ece, (f, v) => f with { Ece = v }, rows => HasScores(rows) ? CalibrationMetrics.Ece(Scored(rows)) : null),
        new("brier", "Brier score", false, f => f.Brier, (f, v) => f with { Brier = v }, rows => HasScores(rows) ? CalibrationMetrics.Brier(Scored(rows)) : null),
    ];

    /// <summary>The figure of rows; null where it is not defined.</summary>
    public double? Of(ReadOnlySpan<EvaluatedRow> rows) => rows.IsEmpty ? null : Compute(rows);

    /// <summary>The scores of all rows; what has none ranks last.</summary>
    public static LabelledScore[] Ranked(ReadOnlySpan<EvaluatedRow> rows)
    {
        var ranked = new LabelledScore[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ranked[i] = new(rows[i].Score ?? 0, rows[i].IsTrue);
        }

        return ranked;
    }

    /// <summary>The scores of the rows that have one.</summary>
    public static LabelledScore[] Scored(ReadOnlySpan<EvaluatedRow> rows)
    {
        var scored = new List<LabelledScore>(rows.Length);
        foreach (var row in rows)
        {
            if (row.Score is { } score)
            {
                scored.Add(new(score, row.IsTrue));
            }
        }

        return [.. scored];
    }

    private static bool HasScores(ReadOnlySpan<EvaluatedRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Score is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static double? BalancedAccuracy(ReadOnlySpan<EvaluatedRow> rows)
    {
        var predictions = new LabelledPrediction<string>[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];

            // A wrong prediction is another class, whichever.
            predictions[i] = row.Class is { } label
                ? new(row.IsRight ? label : "", label)
                : new(row.IsAccepted ? "true" : "false", row.IsTrue ? "true" : "false");
        }

        return ClassificationMetrics.BalancedAccuracy<string>(predictions);
    }

    private static double? SelectiveRisk(ReadOnlySpan<EvaluatedRow> rows)
    {
        var (accepted, wrong) = (0, 0);
        foreach (var row in rows)
        {
            accepted += row.IsAccepted ? 1 : 0;
            wrong += row is { IsAccepted: true, IsTrue: false } ? 1 : 0;
        }

        return accepted == 0 ? null : (double)wrong / accepted;
    }

    private static double Share(ReadOnlySpan<EvaluatedRow> rows, Func<EvaluatedRow, bool> holds)
    {
        var count = 0;
        foreach (var row in rows)
        {
            count += holds(row) ? 1 : 0;
        }

        return (double)count / rows.Length;
    }
}
