using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>What a guard reported of a response, as metrics of Microsoft.Extensions.AI.Evaluation. Asks nothing and computes
/// nothing.</summary>
/// <remarks>The metrics are <see cref="AnsweredMetricName"/> (the guard delivered an answer: true, or abstained: false),
/// <see cref="ConfidenceMetricName"/> and <see cref="SupportedClaimsMetricName"/>. An abstention is no
/// failure of the guard, and is not rated as one. Faults are errors. A response without a report fails all three. Safe for concurrent
/// callers.</remarks>
public sealed class GuardReportEvaluator : IEvaluator
{
    /// <summary>The name of the metric that says whether an answer was delivered: a <see cref="BooleanMetric"/>.</summary>
    public const string AnsweredMetricName = "Guard Answered";

    /// <summary>The name of the metric that is the reported confidence: a <see cref="NumericMetric"/> from 0 to 1.</summary>
    public const string ConfidenceMetricName = "Guard Confidence";

    /// <summary>The name of the metric that is the share of supported claims: a <see cref="NumericMetric"/> from 0 to 1.</summary>
    public const string SupportedClaimsMetricName = "Guard Supported Claims";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EvaluationMetricNames =>
        [AnsweredMetricName, ConfidenceMetricName, SupportedClaimsMetricName];

    /// <inheritdoc/>
    public ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(modelResponse);
        cancellationToken.ThrowIfCancellationRequested();
        var report = modelResponse.GetGuardReport();
        var result = new EvaluationResult(
            AnsweredOf(report),
            new NumericMetric(ConfidenceMetricName, report?.Confidence?.Value, report?.Confidence?.Explanation),
            VerdictMetrics.Supported(SupportedClaimsMetricName, report?.Verdicts, []));
        if (report is null)
        {
            const string why = "The response has no guard report: evaluate the response of a guarded client.";
            result.AddDiagnosticsToAllMetrics(EvaluationDiagnostic.Error(why));
            result.Interpret(_ => new(EvaluationRating.Inconclusive, failed: true, why));
        }

        foreach (var fault in report?.Faults ?? [])
        {
            result.AddDiagnosticsToAllMetrics(EvaluationDiagnostic.Error($"{fault.Component} failed ({fault.ErrorType}): {fault.Message}"));
        }

        return ValueTask.FromResult(result);
    }

    private static BooleanMetric AnsweredOf(GuardReport? report) => new(
        AnsweredMetricName,
        report?.Decision is { } decision ? decision != GuardDecision.Abstained : null,
        report?.Decision is null ? null : $"{report.Decision} ({report.Reason}).");
}
