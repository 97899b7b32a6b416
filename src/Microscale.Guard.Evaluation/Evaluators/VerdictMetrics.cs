using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>What verdicts on claims are as metrics.</summary>
internal static class VerdictMetrics
{
    /// <summary>The metric for claims: how many are supported, and what stands against the rest.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="verdicts">The verdicts; null when nothing was verified.</param>
    /// <param name="faults">What failed on the way.</param>
    public static NumericMetric Supported(string name, IReadOnlyList<ClaimVerdict>? verdicts, IEnumerable<GuardFault> faults)
    {
        var metric = new NumericMetric(name);
        foreach (var fault in faults)
        {
            metric.AddDiagnostics(EvaluationDiagnostic.Error($"{fault.Component} failed ({fault.ErrorType}): {fault.Message}"));
        }

        if (verdicts is not { Count: > 0 })
        {
            metric.Reason = verdicts is null ? "The response was not verified." : "The response makes no claim.";
            metric.Interpretation = new(EvaluationRating.Inconclusive, failed: verdicts is null, metric.Reason);
            return metric;
        }

        var supported = verdicts.Count(v => v.Verdict == Verdict.Supported);
        metric.Value = (double)supported / verdicts.Count;
        metric.Reason = $"{supported} of {verdicts.Count} claims are supported.";
        metric.Interpretation = new(RatingOf(verdicts, metric.Value.Value), failed: supported < verdicts.Count, metric.Reason);
        foreach (var verdict in verdicts.Where(v => v.Verdict != Verdict.Supported))
        {
            metric.AddDiagnostics(EvaluationDiagnostic.Warning(
                $"{verdict.Verdict}: \"{verdict.Claim.Text}\"{(verdict.Decisive?.Explanation is { } why ? $" {why}" : "")}"));
        }

        return metric;
    }

    private static EvaluationRating RatingOf(IReadOnlyList<ClaimVerdict> verdicts, double share) =>
        share == 1 ? EvaluationRating.Exceptional
        : verdicts.Any(v => v.Verdict == Verdict.Contradicted) ? EvaluationRating.Unacceptable
        : share >= 0.5 ? EvaluationRating.Average
        : EvaluationRating.Poor;
}
