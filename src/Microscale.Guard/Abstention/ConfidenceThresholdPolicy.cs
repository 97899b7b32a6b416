using System.Globalization;

namespace Microscale.Guard;

/// <summary>Delivers an answer only when its confidence reaches a threshold.</summary>
/// <remarks>Immutable. A threshold on a raw score is not an error rate: the same number means something else with another
/// scorer, model or kind of question.</remarks>
public sealed class ConfidenceThresholdPolicy : IAbstentionPolicy
{
    /// <summary>Creates the policy.</summary>
    /// <param name="minimum">The lowest confidence that is delivered, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimum"/> is not between 0 and 1.</exception>
    public ConfidenceThresholdPolicy(double minimum)
    {
        if (minimum is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "The confidence threshold must be between 0 and 1.");
        }

        Minimum = minimum;
    }

    /// <summary>The lowest confidence that is delivered.</summary>
    public double Minimum { get; }

    /// <summary>What happens when the confidence could not be had.</summary>
    /// <value>The default value is <see cref="FaultAction.Abstain"/>.</value>
    public FaultAction WhenUnavailable { get; init; }

    /// <inheritdoc/>
    public GuardParts Needs => GuardParts.Confidence;

    /// <inheritdoc/>
    public PolicyDecision Decide(PolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var confidence = context.Report.Confidence;
        return confidence?.Value switch
        {
            null when WhenUnavailable == FaultAction.Proceed => PolicyDecision.Deliver,
            null => new(GuardReason.ScorerFailed, confidence?.Explanation ?? "The answer was not scored."),
            { } value when value >= Minimum => PolicyDecision.Deliver,
            { } value => new(
                GuardReason.LowConfidence,
                string.Create(CultureInfo.InvariantCulture, $"The confidence {value:0.00} is below {Minimum:0.00}.")) { Threshold = Minimum },
        };
    }

    /// <summary>A policy with another threshold in place of its own; where it has none, with it in addition.</summary>
    internal static IAbstentionPolicy Replace(IAbstentionPolicy policy, double minimum)
    {
        var found = false;
        var replaced = Replaced(policy);
        return found ? replaced : new AllOfPolicy(policy, new ConfidenceThresholdPolicy(minimum));

        IAbstentionPolicy Replaced(IAbstentionPolicy part)
        {
            switch (part)
            {
                case ConfidenceThresholdPolicy threshold:
                    found = true;
                    return new ConfidenceThresholdPolicy(minimum) { WhenUnavailable = threshold.WhenUnavailable };
                case AllOfPolicy all:
                    return new AllOfPolicy([.. all.Policies.Select(Replaced)]);
                default:
                    return part;
            }
        }
    }
}
