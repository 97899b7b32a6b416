namespace Microscale.Guard.Onnx;

/// <summary>Opens the local models that this project publishes.</summary>
/// <remarks>Each is looked for as <see cref="ModelLocator"/> says and its checksums are verified. The caller disposes what is
/// created, and should create it once: loading takes tenths of a second and the weights stay in memory.</remarks>
public static class LocalModels
{
    /// <summary>The folder name of the chat model.</summary>
    public const string ChatModel = "smollm2-135m-instruct-int8";

    /// <summary>The folder name of the embedding model.</summary>
    public const string EmbeddingModel = "all-minilm-l6-v2-int8";

    /// <summary>The folder name of the entailment model.</summary>
    public const string EntailmentModel = "mpnet-nli-int8";

    /// <summary>Opens the chat model, <see cref="ChatModel"/>.</summary>
    /// <param name="path">Its folder; null to look for it.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">It was not found.</exception>
    /// <exception cref="ModelFolderException">Files are missing or wrong.</exception>
    public static OnnxChatClient CreateChatClient(string? path = null, OnnxChatClientOptions? options = null) => new(Open(ChatModel, path), options);

    /// <summary>Opens the embedding model, <see cref="EmbeddingModel"/>.</summary>
    /// <param name="path">Its folder; null to look for it.</param>
    /// <exception cref="DirectoryNotFoundException">It was not found.</exception>
    /// <exception cref="ModelFolderException">Files are missing or wrong.</exception>
    public static OnnxEmbeddingGenerator CreateEmbeddingGenerator(string? path = null) => new(Open(EmbeddingModel, path));

    /// <summary>Opens the entailment model, <see cref="EntailmentModel"/>.</summary>
    /// <param name="path">Its folder; null to look for it.</param>
    /// <exception cref="DirectoryNotFoundException">It was not found.</exception>
    /// <exception cref="ModelFolderException">Files are missing or wrong.</exception>
    public static OnnxEntailmentModel CreateEntailmentModel(string? path = null) => new(Open(EntailmentModel, path));

    /// <summary>Opens the entailment model as a verifier of claims.</summary>
    /// <param name="path">Its folder; null to look for it.</param>
    /// <param name="options">The verifier's settings; null for the defaults.</param>
    /// <returns>A verifier that owns the model: dispose it to release the model.</returns>
    /// <exception cref="DirectoryNotFoundException">It was not found.</exception>
    /// <exception cref="ModelFolderException">Files are missing or wrong.</exception>
    public static OnnxEntailmentVerifier CreateEntailmentVerifier(string? path = null, EntailmentVerifierOptions? options = null) =>
        new(CreateEntailmentModel(path), options);

    private static ModelFolder Open(string name, string? path) => ModelFolder.Open(ModelLocator.Find(name, path));
}
