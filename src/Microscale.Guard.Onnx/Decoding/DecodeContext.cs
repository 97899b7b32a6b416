namespace Microscale.Guard.Onnx;

/// <summary>What the sequences of an engine share. Used by the engine's thread only.</summary>
internal sealed class DecodeContext(SequenceBatch batch, TokenBytes bytes, PrefixCache prefixes) : IDisposable
{
    /// <summary>The rows, which it owns.</summary>
    public SequenceBatch Batch => batch;

    /// <summary>What was read before.</summary>
    public PrefixCache Prefixes => prefixes;

    /// <summary>Scratch memory of the samplers.</summary>
    public SamplerMemory SamplerMemory { get; } = new(batch.VocabularySize);

    public LogProbabilityReader LogProbabilities { get; } = new(bytes);

    public void Dispose() => batch.Dispose();
}
