using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microscale.Guard.AspNetCore;

/// <summary>Whether a model answers.</summary>
internal sealed class ModelHealthCheck(IChatClient model) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var response = await model.GetResponseAsync("Say OK.", new ChatOptions { MaxOutputTokens = 1 }, cancellationToken).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy(response.ModelId);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, $"The model failed: {exception.GetType().Name}.", exception);
        }
    }
}
