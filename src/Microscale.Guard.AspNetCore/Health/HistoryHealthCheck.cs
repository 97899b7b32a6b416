using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microscale.Guard.AspNetCore;

/// <summary>Whether the history can be written and read.</summary>
internal sealed class HistoryHealthCheck(GuardHistory history, DecisionStore store, HistoryTelemetry telemetry) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["written"] = telemetry.Written, ["dropped"] = telemetry.Dropped };
        if (history.Failure is { } failure)
        {
            return new(context.Registration.FailureStatus, $"Decisions are dropped: {failure}.", data: data);
        }

        try
        {
            await store.ListAsync(new(), 1, cancellationToken);
            return HealthCheckResult.Healthy(data: data);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, $"The history cannot be read: {exception.GetType().Name}.", exception, data);
        }
    }
}
