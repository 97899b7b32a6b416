namespace Microscale.Guard;

/// <summary>Puts a calibration to use.</summary>
public static class CalibrationExtensions
{
    /// <summary>A scorer that gives calibrated probabilities of being right: <see cref="ConfidenceScore.IsCalibrated"/> is set,
    /// and <see cref="ConfidenceScore.RawValue"/> keeps the raw value, by which policies with a guarantee go.</summary>
    /// <param name="scorer">The raw scorer.</param>
    /// <param name="calibration">What was learned of it. Its model and prompt are checked by <see cref="RiskControlledPolicy"/> and
    /// <see cref="CostPolicy"/>, not here: a scorer does not know them.</param>
    /// <exception cref="InvalidOperationException">The calibration was fitted for another scorer.</exception>
    public static IConfidenceScorer CalibratedBy(this IConfidenceScorer scorer, CalibrationArtefact calibration) =>
        new CalibratedScorer(scorer, calibration);
}
