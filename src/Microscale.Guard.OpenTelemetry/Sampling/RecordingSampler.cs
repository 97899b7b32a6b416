using OpenTelemetry.Trace;

namespace Microscale.Guard.OpenTelemetry;

/// <summary>A head sampler that drops nothing: what another would drop is recorded in the process, and is not marked as sampled, so
/// that neither exporters nor other services take it for chosen.</summary>
/// <remarks>Use it with a <see cref="WithheldTraceProcessor"/>. Safe for concurrent callers where the other sampler is.</remarks>
public sealed class RecordingSampler : Sampler
{
    private readonly Sampler _sampler;

    /// <summary>Wraps a sampler.</summary>
    /// <param name="sampler">Chooses the traces that are exported whatever comes of them.</param>
    public RecordingSampler(Sampler sampler)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        _sampler = sampler;
        Description = $"RecordingSampler{{{sampler.Description}}}";
    }

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var result = _sampler.ShouldSample(in samplingParameters);
        return result.Decision == SamplingDecision.Drop
            ? new SamplingResult(SamplingDecision.RecordOnly, result.Attributes, result.TraceStateString)
            : result;
    }
}
