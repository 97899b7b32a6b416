using Microscale.Guard;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardMeterProviderBuilderExtensions
{
    /// <summary>Collects the metrics of guarded requests: decisions by reason, confidence, claims by verdict, overhead, attempts,
    /// tokens that the guard spent, bypasses and faults.</summary>
    /// <param name="builder">The builder of the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static MeterProviderBuilder AddMicroscaleGuardInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(GuardTelemetryNames.Source);
    }
}
