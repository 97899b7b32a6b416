namespace Microscale.Guard.Evaluation;

/// <summary>An artefact, and how it did on rows that it was not fitted on.</summary>
/// <param name="Artefact">The artefact.</param>
/// <param name="TestCount">How many rows it was tested on.</param>
/// <param name="EceBefore">The expected calibration error of the raw scores there.</param>
/// <param name="EceAfter">That of the calibrated ones.</param>
/// <param name="BrierBefore">The Brier score of the raw scores there.</param>
/// <param name="BrierAfter">That of the calibrated ones.</param>
/// <param name="Guarantees">What became of each guarantee.</param>
public sealed record CalibrationOutcome(
    CalibrationArtefact Artefact, int TestCount, double EceBefore, double EceAfter, double BrierBefore, double BrierAfter, IReadOnlyList<TestedGuarantee> Guarantees)
{
    /// <summary>Tests an artefact.</summary>
    /// <param name="artefact">The artefact.</param>
    /// <param name="tested">Labelled answers of the same pipeline that it was not fitted on; at least one.</param>
    public static CalibrationOutcome Test(CalibrationArtefact artefact, IReadOnlyList<LabelledScore> tested)
    {
        ArgumentNullException.ThrowIfNull(artefact);
        ArgumentNullException.ThrowIfNull(tested);
        LabelledScore[] raw = [.. tested];
        LabelledScore[] calibrated = [.. raw.Select(p => p with { Score = artefact.Calibrator.Apply(p.Score) })];
        return new(
            artefact,
            raw.Length,
            CalibrationMetrics.Ece(raw),
            CalibrationMetrics.Ece(calibrated),
            CalibrationMetrics.Brier(raw),
            CalibrationMetrics.Brier(calibrated),
            [.. artefact.Guarantees.Select(g => TestedGuarantee.Test(g, raw))]);
    }
}

/// <summary>A guarantee, and what its threshold lets through of rows that it was not found on.</summary>
/// <param name="Guarantee">The guarantee.</param>
/// <param name="Answered">How many rows reach the threshold; 0 when the target is infeasible.</param>
/// <param name="Wrong">How many of them are false.</param>
/// <param name="Coverage">The share of the rows that reach the threshold.</param>
/// <param name="Risk">The share of false ones among them; null when there is none.</param>
public sealed record TestedGuarantee(RiskGuarantee Guarantee, int Answered, int Wrong, double Coverage, double? Risk)
{
    internal static TestedGuarantee Test(RiskGuarantee guarantee, LabelledScore[] tested)
    {
        var passed = guarantee.Threshold is { } threshold ? Array.FindAll(tested, p => p.Score >= threshold) : [];
        var wrong = passed.Count(p => !p.IsCorrect);
        return new(guarantee, passed.Length, wrong, (double)passed.Length / tested.Length, passed.Length > 0 ? (double)wrong / passed.Length : null);
    }
}
