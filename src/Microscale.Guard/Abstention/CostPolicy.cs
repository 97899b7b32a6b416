using System.Globalization;

namespace Microscale.Guard;

/// <summary>Delivers an answer when the cost to be expected of a wrong one is at most that of silence.</summary>
/// <remarks>
/// <para>The rule of Chow 1970, "On optimum recognition error and reject tradeoff": with the probability p of being right, an
/// answer is expected to cost (1 − p) times a wrong one, and is given while that is at most the cost of silence, so from
/// p = 1 − silence / wrong on.</para>
/// <para>p must be calibrated: it comes from the calibration given, or else from a scorer that is
/// (<see cref="ConfidenceScore.IsCalibrated"/>). A raw score, or an answer of another scorer, model or prompt, is withheld with
/// <see cref="GuardReason.NotCalibrated"/>. As with <see cref="RiskControlledPolicy"/> it is about whole answers. Immutable.</para>
/// </remarks>
public sealed class CostPolicy : IAbstentionPolicy
{
    /// <summary>Creates the policy.</summary>
    /// <param name="costOfWrongAnswer">What a wrong answer costs, in any unit; above 0.</param>
    /// <param name="costOfSilence">What it costs not to answer, in the same unit; from 0 to
    /// <paramref name="costOfWrongAnswer"/>.</param>
    /// <param name="calibration">Turns scores into probabilities; null when the scorer gives probabilities.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cost is out of its range.</exception>
    public CostPolicy(double costOfWrongAnswer, double costOfSilence, CalibrationArtefact? calibration = null)
    {
        if (!(costOfWrongAnswer > 0 && double.IsFinite(costOfWrongAnswer)))
        {
            throw new ArgumentOutOfRangeException(nameof(costOfWrongAnswer), costOfWrongAnswer, "The cost of a wrong answer must be above 0.");
        }

        if (!(costOfSilence >= 0 && costOfSilence <= costOfWrongAnswer))
        {
            throw new ArgumentOutOfRangeException(
                nameof(costOfSilence), costOfSilence, "The cost of silence must be from 0 to the cost of a wrong answer: were it higher, every guess would be worth it.");
        }

        Calibration = calibration;
        MinimumProbability = 1 - (costOfSilence / costOfWrongAnswer);
    }

    /// <summary>The calibration; null when the scorer gives probabilities.</summary>
    public CalibrationArtefact? Calibration { get; }

    /// <summary>The lowest probability of being right that is delivered.</summary>
    public double MinimumProbability { get; }

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

        if (context.Report.Confidence is not { Value: { } value } score)
        {
            return new(GuardReason.ScorerFailed, context.Report.Confidence?.Explanation ?? "The answer was not scored.");
        }

        if (Calibration is null && !score.IsCalibrated)
        {
            return new(GuardReason.NotCalibrated, $"The score of {score.Scorer} is raw, and costs need a probability: pass a calibration.");
        }

        if (Calibration?.Pipeline.Mismatch(context) is { } mismatch)
        {
            return new(GuardReason.NotCalibrated, mismatch);
        }

        var probability = Calibration?.Calibrator.Apply(score.RawValue ?? value) ?? value;
        return probability >= MinimumProbability
            ? PolicyDecision.Deliver
            : new(
                GuardReason.LowConfidence,
                string.Create(CultureInfo.InvariantCulture, $"The answer is right with probability {probability:0.00}; its cost asks for {MinimumProbability:0.00}.")) { Threshold = MinimumProbability };
    }
}
