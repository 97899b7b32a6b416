namespace Microscale.Guard;

/// <summary>How a <see cref="CalibrationArtefact"/> is fitted.</summary>
public sealed class CalibrationOptions
{
    /// <summary>The calibrator that is fitted.</summary>
    /// <value>The default value is <see cref="CalibrationMethod.Isotonic"/>.</value>
    public CalibrationMethod Method { get; set; } = CalibrationMethod.Isotonic;

    /// <summary>The methods by which thresholds are sought.</summary>
    /// <value>The default value is <see cref="RiskControlMethod.LearnThenTest"/> alone.</value>
    public IList<RiskControlMethod> RiskControl { get; set; } = [RiskControlMethod.LearnThenTest];

    /// <summary>The target error rates for which thresholds are sought, each by each method.</summary>
    /// <value>The default value is 0.01, 0.02, 0.05, 0.1 and 0.2.</value>
    public IList<double> ErrorRates { get; set; } = [0.01, 0.02, 0.05, 0.1, 0.2];

    /// <summary>The probability that a guarantee fails; above 0 and at most 0.5.</summary>
    /// <value>The default value is 0.1.</value>
    public double Delta { get; set; } = 0.1;

    /// <summary>What the labelled answers are, for the artefact to say.</summary>
    /// <value>The default value is <see langword="null"/>: it does not say.</value>
    public CalibrationData? Data { get; set; }

    /// <summary>Dates the artefact.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
