namespace Microscale.Guard.Evaluation;

/// <summary>What calibration would make of scores: each half of the groups by a calibrator that was fitted on the other.</summary>
internal static class CrossCalibration
{
    private const int LeastRows = 20;

    /// <summary>The calibrated scores of the rows that have a raw one; empty when a half is too small to be fitted on.</summary>
    public static LabelledScore[] Apply(IEnumerable<EvaluatedRow> rows, CalibrationMethod method = CalibrationMethod.Isotonic)
    {
        var split = new GroupSplit();
        var halves = rows.Where(r => r.Score is not null).ToLookup(split.IsFitted, r => new LabelledScore(r.RawScore ?? r.Score!.Value, r.IsTrue));
        return halves[true].Count() < LeastRows || halves[false].Count() < LeastRows
            ? []
            : [.. Map(halves[false], Calibrator.Fit(method, halves[true])), .. Map(halves[true], Calibrator.Fit(method, halves[false]))];
    }

    private static IEnumerable<LabelledScore> Map(IEnumerable<LabelledScore> pairs, Calibrator calibrator) =>
        pairs.Select(p => p with { Score = calibrator.Apply(p.Score) });
}
