using System.Globalization;
using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>A threshold that meets a target error rate, or the finding that none does.</summary>
/// <remarks>Immutable. Holds for answers that come as those came on which it was fitted (exchangeable data).</remarks>
/// <param name="Method">How it was found, and of which error it speaks.</param>
/// <param name="ErrorRate">The target error rate α.</param>
/// <param name="Delta">δ, the probability that the guarantee fails; null for a method that bounds an expectation.</param>
public sealed record RiskGuarantee(RiskControlMethod Method, double ErrorRate, double? Delta)
{
    /// <summary>The lowest raw score that may be answered; null when the target is infeasible.</summary>
    public double? Threshold { get; init; }

    /// <summary>The share of the labelled answers that reach the threshold; 0 when the target is infeasible.</summary>
    public double Coverage { get; init; }

    /// <summary>The share of wrong ones among the labelled answers that reach the threshold; 0 when there is none. An
    /// observation, not the guarantee.</summary>
    public double ObservedError { get; init; }

    /// <summary>Whether a threshold was found. When not, more labelled answers, a better scorer or a higher error rate
    /// are needed: an error rate is never rounded.</summary>
    [JsonIgnore]
    public bool IsFeasible => Threshold is not null;

    /// <summary>The guarantee in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Method == RiskControlMethod.ConformalRiskControl ? "Wrong answers among all questions" : "Wrong answers among the answered")} at most {ErrorRate:0.###}{(Delta is { } delta ? $" with confidence {1 - delta:0.###}" : " in expectation")}: {(Threshold is { } threshold ? $"score at least {threshold:0.####}, {Coverage:P1} answered" : "infeasible")}.");

    /// <summary>The finding for a threshold; null when none was found.</summary>
    internal static RiskGuarantee From(RiskControlMethod method, double errorRate, double? delta, AnsweredCounts? found, int total) =>
        found is not { } counts
            ? new(method, errorRate, delta)
            : new(method, errorRate, delta)
            {
                Threshold = counts.Threshold,
                Coverage = (double)counts.Answered / total,
                ObservedError = (double)counts.Wrong / counts.Answered,
            };
}

/// <summary>How a threshold is found that meets a target error rate.</summary>
public enum RiskControlMethod
{
    /// <summary>With confidence 1 − δ, at most a share α of the answered questions is answered wrongly. See
    /// <see cref="RiskControl.LearnThenTest"/>.</summary>
    LearnThenTest,

    /// <summary>The same promise by a search of few steps. See <see cref="RiskControl.SelectWithGuaranteedRisk"/>.</summary>
    GuaranteedSelection,

    /// <summary>On average, at most a share α of all questions is answered wrongly. See
    /// <see cref="RiskControl.ControlConformally"/>.</summary>
    ConformalRiskControl,
}
