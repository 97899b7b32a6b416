using System.Globalization;

namespace Microscale.Guard;

/// <summary>Delivers an answer only when its raw score reaches the threshold that a calibration found for a target error
/// rate.</summary>
/// <remarks>
/// <para>The guarantee is that of the calibration (<see cref="RiskGuarantee"/>) and holds while answers come as its labelled ones
/// came: an answer of another scorer, model or prompt is withheld with <see cref="GuardReason.NotCalibrated"/>. It is about whole
/// first answers: a stream is held back to its end, and what repair or escalation adds is not covered by it.</para>
/// <para>Immutable.</para>
/// </remarks>
public sealed class RiskControlledPolicy : IAbstentionPolicy
{
    private readonly double _threshold;

    /// <summary>Creates the policy.</summary>
    /// <param name="calibration">The calibration of the pipeline.</param>
    /// <param name="errorRate">The highest error rate that is wanted, between 0 and 1.</param>
    /// <param name="method">How the threshold was found, and of which error it speaks.</param>
    /// <exception cref="InvalidOperationException">The calibration has no threshold for this rate: none was sought, or the target
    /// is infeasible.</exception>
    public RiskControlledPolicy(
        CalibrationArtefact calibration, double errorRate, RiskControlMethod method = RiskControlMethod.LearnThenTest)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        Calibration = calibration;
        Guarantee = calibration.FindGuarantee(errorRate, method) ?? throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"The calibration sought no threshold by {method} for an error rate of {errorRate} or below; it has {Rates(calibration, method)}. Add the rate to {nameof(CalibrationOptions)}.{nameof(CalibrationOptions.ErrorRates)} and calibrate anew."));
        _threshold = Guarantee.Threshold ?? throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"An error rate of {Guarantee.ErrorRate} by {method} is infeasible with this scorer, as far as {calibration.SampleCount} labelled answers show: label more answers, use a better scorer, or allow a higher rate; it has {Rates(calibration, method)}."));
    }

    /// <summary>The calibration.</summary>
    public CalibrationArtefact Calibration { get; }

    /// <summary>What is promised.</summary>
    public RiskGuarantee Guarantee { get; }

    /// <inheritdoc/>
    public GuardParts Needs => GuardParts.Confidence | GuardParts.WholeAnswer;

    /// <inheritdoc/>
    public PolicyDecision Decide(PolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.IsComplete)
        {
            return PolicyDecision.Deliver;
        }

        var score = context.Report.Confidence;
        return (score?.RawValue ?? score?.Value) switch
        {
            null => new(GuardReason.ScorerFailed, score?.Explanation ?? "The answer was not scored."),
            _ when Calibration.Pipeline.Mismatch(context) is { } mismatch => new(GuardReason.NotCalibrated, mismatch),
            { } value when value >= _threshold => PolicyDecision.Deliver,
            { } value => new(
                GuardReason.LowConfidence,
                string.Create(CultureInfo.InvariantCulture, $"The score {value:0.00} is below {_threshold:0.00}, which an error rate of {Guarantee.ErrorRate} needs.")) { Threshold = _threshold },
        };
    }

    private static string Rates(CalibrationArtefact calibration, RiskControlMethod method)
    {
        string[] feasible = [.. calibration.Guarantees.Where(g => g.Method == method && g.IsFeasible).Select(g => g.ErrorRate.ToString(CultureInfo.InvariantCulture))];
        return feasible.Length == 0 ? "no feasible one" : $"thresholds for {string.Join(", ", feasible)}";
    }
}
