using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microscale.Guard;
using Microscale.Guard.OpenTelemetry;

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of Microscale.Guard to OpenTelemetry.</summary>
public static class MicroscaleGuardTracerProviderBuilderExtensions
{
    /// <summary>Collects the activities of guarded requests: one a request, with children for retrieval, each attempt,
    /// generation, scoring and verification, and a <c>gen_ai.evaluation.result</c> event for each score and verdict. No
    /// content is recorded unless the guard's options ask for it.</summary>
    /// <param name="builder">The builder of the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TracerProviderBuilder AddMicroscaleGuardInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(GuardTelemetryNames.Source);
    }

    /// <summary>Exports the traces that a head sampler chooses, and of all others those in which an answer was withheld.</summary>
    /// <param name="builder">The builder of the provider. Set no other sampler on it, and add the exporter here only.</param>
    /// <param name="sampler">Chooses traces when they begin, such as a <see cref="ParentBasedSampler"/> around a
    /// <see cref="TraceIdRatioBasedSampler"/>.</param>
    /// <param name="export">Exports what is kept, such as a <see cref="BatchActivityExportProcessor"/>. Disposed with the
    /// provider.</param>
    /// <param name="configure">Sets what is kept and how much of it is held meanwhile; null for the defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>Every activity is recorded in the process and held until its trace has ended here, or until an answer in it is
    /// withheld; see <see cref="WithheldTraceProcessor"/>.</remarks>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The provider disposes its processors.")]
    public static TracerProviderBuilder KeepWithheldTraces(
        this TracerProviderBuilder builder, Sampler sampler, BaseProcessor<Activity> export, Action<WithheldTraceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new WithheldTraceOptions();
        configure?.Invoke(options);
        return builder.SetSampler(new RecordingSampler(sampler)).AddProcessor(new WithheldTraceProcessor(export, options));
    }
}
