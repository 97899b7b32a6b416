using Microscale.Guard;

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardTracerProviderBuilderExtensions
{
    /// <summary>Collects the activities of guarded requests: one a request, with children for retrieval, each attempt,
    /// generation, scoring and verification, and a <c>gen_ai.evaluation.result</c> event for each score and verdict. No
    /// content is recorded.</summary>
    /// <param name="builder">The builder of the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TracerProviderBuilder AddMicroscaleGuardInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(GuardTelemetryNames.Source);
    }
}
