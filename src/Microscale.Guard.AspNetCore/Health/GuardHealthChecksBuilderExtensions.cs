using Microscale.Guard;
using Microscale.Guard.AspNetCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds checks of what a guard needs to an application's health checks.</summary>
public static class GuardHealthChecksBuilderExtensions
{
    /// <summary>Checks that the dashboard's history is written: degraded while decisions are dropped, because requests go on
    /// without it.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddGuardHistory(this IHealthChecksBuilder builder, string name = "guard-history")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, s => new HistoryHealthCheck(s.GetRequiredService<GuardHistory>(), s.GetRequiredService<DecisionStore>(), s.GetRequiredService<HistoryTelemetry>()), HealthStatus.Degraded, null));
    }

    /// <summary>Checks that a model answers: it is asked for one token.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="model">Gets the model's client, without a guard around it: the question is no request of the
    /// application.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="timeout">How long it may take; null for 10 seconds.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddGuardModel(
        this IHealthChecksBuilder builder, Func<IServiceProvider, IChatClient> model, string name = "guard-model", TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(model);
        return builder.Add(new HealthCheckRegistration(name, s => new ModelHealthCheck(model(s)), HealthStatus.Unhealthy, null, timeout ?? TimeSpan.FromSeconds(10)));
    }

    /// <summary>Checks that a verifier judges: it is given a claim that stands word for word in the evidence.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="verifier">Gets the verifier.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="timeout">How long it may take; null for 10 seconds.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddGuardVerifier(
        this IHealthChecksBuilder builder, Func<IServiceProvider, IClaimVerifier> verifier, string name = "guard-verifier", TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(verifier);
        return builder.Add(new HealthCheckRegistration(name, s => new VerifierHealthCheck(verifier(s)), HealthStatus.Unhealthy, null, timeout ?? TimeSpan.FromSeconds(10)));
    }
}
