using Microscale.Guard;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardMeterProviderBuilderExtensions
{
    /// <summary>Collects the metrics of guarded requests: decisions by reason, model and policy, confidence, claims by verdict,
    /// overhead, attempts, tokens and money that the guard spent, evidence, bypasses, faults, drift, and the queue of local
    /// models.</summary>
    /// <param name="builder">The builder of the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static MeterProviderBuilder AddMicroscaleGuardInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(GuardTelemetryNames.Source);
    }
}
