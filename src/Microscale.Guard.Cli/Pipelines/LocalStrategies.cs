using Microscale.Guard.Onnx;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>The local models behind scorers, verifiers and search, each loaded when it is first wanted and released with this.</summary>
internal sealed class LocalStrategies : IDisposable
{
    private readonly Lazy<OnnxEntailmentModel> _entailment = new(() => LocalModels.CreateEntailmentModel());
    private readonly Lazy<OnnxEmbeddingGenerator> _embeddings = new(() => LocalModels.CreateEmbeddingGenerator());

    public OnnxEntailmentModel Entailment => _entailment.Value;

    public OnnxEmbeddingGenerator Embeddings => _embeddings.Value;

    public void Dispose()
    {
        if (_entailment.IsValueCreated)
        {
            _entailment.Value.Dispose();
        }

        if (_embeddings.IsValueCreated)
        {
            _embeddings.Value.Dispose();
        }
    }
}
