using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Adds the telemetry of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardOpenTelemetryBuilderExtensions
{
    /// <summary>Collects the traces, metrics and log records of guarded requests. Add exporters as for any other source.</summary>
    /// <param name="builder">The builder, as <c>services.AddOpenTelemetry()</c> gives it.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static T AddMicroscaleGuard<T>(this T builder)
        where T : IOpenTelemetryBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithTracing(tracing => tracing.AddMicroscaleGuardInstrumentation());
        builder.WithMetrics(metrics => metrics.AddMicroscaleGuardInstrumentation());
        builder.WithLogging(logging => logging.AddMicroscaleGuardInstrumentation());
        return builder;
    }
}
