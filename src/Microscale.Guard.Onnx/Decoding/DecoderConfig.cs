using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>The shape of a decoder model, from its config.json or genai_config.json.</summary>
/// <param name="Layers">Decoder layers.</param>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
/// <param name="HeadSize">Numbers in one head.</param>
/// <param name="VocabularySize">Tokens the model knows.</param>
/// <param name="ContextLength">The most tokens that prompt and answer may have together.</param>
/// <param name="EndTokens">The tokens that end an answer.</param>
/// <param name="MaxNewTokens">The longest answer the model's makers propose (generation_config.json), or null.</param>
internal sealed record DecoderConfig(
    int Layers, int KeyValueHeads, int HeadSize, int VocabularySize, int ContextLength, IReadOnlyList<int> EndTokens, int? MaxNewTokens)
{
    public const string FileName = "config.json";

    /// <summary>What the model builder of onnxruntime-genai writes; it may stand for config.json.</summary>
    public const string GenAiFileName = "genai_config.json";

    /// <summary>Need not be there.</summary>
    private const string GenerationFileName = "generation_config.json";

    /// <summary>Where graphs are, the first that is there.</summary>
    private static readonly string[] s_graphs = [OnnxSessions.ModelFile, "onnx/model.onnx", "onnx/model_quantized.onnx", "onnx/model_int8.onnx", "onnx/model_q4.onnx"];

    /// <summary>The names of the graph's inputs and outputs.</summary>
    public DecoderNames GraphNames { get; init; } = new();

    /// <summary>Bytes of keys and values that one token takes.</summary>
    public long KeyValueBytesPerToken => 2L * Layers * KeyValueHeads * HeadSize * sizeof(float);

    /// <summary>The file of the graph, and checks that what a decoder needs is there.</summary>
    /// <exception cref="ModelFolderException">Files are missing; the message names all of them.</exception>
    public static string RequireFiles(ModelFolder folder)
    {
        var graph = folder.Has(GenAiFileName) && ModelJson.Read(folder, GenAiFileName, root => DecoderNames.FileOf(root)) is { } name ? name
            : Array.Find(s_graphs, folder.Has) ?? OnnxSessions.ModelFile;
        folder.Require(graph, ConfigOf(folder), TokenizerFile.FileName);
        return graph;
    }

    /// <summary>Reads config.json or genai_config.json, and generation_config.json if it is there.</summary>
    /// <exception cref="ModelFolderException">There is no configuration, or a file is damaged or lacks a setting.</exception>
    public static DecoderConfig Read(ModelFolder folder)
    {
        var (generationEndTokens, maxNewTokens) = folder.Has(GenerationFileName)
            ? ModelJson.Read(folder, GenerationFileName, root => (EndTokenIds(root), PositiveOrNull(root, "max_new_tokens")))
            : ([], null);
        var config = ModelJson.Read<DecoderConfig>(folder, ConfigOf(folder), folder.Has(FileName) ? ReadConfig : ReadGenAiConfig);
        var (genAiEndTokens, names) = folder.Has(GenAiFileName)
            ? ModelJson.Read(folder, GenAiFileName, root => (EndTokenIds(root.GetProperty("model")), DecoderNames.Read(root)))
            : ([], new());
        return config with
        {
            EndTokens = [.. config.EndTokens.Union(generationEndTokens).Union(genAiEndTokens)],
            MaxNewTokens = maxNewTokens,
            GraphNames = names,
        };
    }

    private static string ConfigOf(ModelFolder folder) => folder.Has(GenAiFileName) && !folder.Has(FileName) ? GenAiFileName : FileName;

    private static DecoderConfig ReadConfig(JsonElement root)
    {
        var heads = Positive(root, "num_attention_heads");
        return new DecoderConfig(
            Positive(root, "num_hidden_layers"),
            PositiveOrNull(root, "num_key_value_heads") ?? heads,
            PositiveOrNull(root, "head_dim") ?? Positive(root, "hidden_size") / heads,
            Positive(root, "vocab_size"),
            Positive(root, "max_position_embeddings"),
            EndTokenIds(root),
            null);
    }

    private static DecoderConfig ReadGenAiConfig(JsonElement root)
    {
        var model = root.GetProperty("model");
        var decoder = model.GetProperty("decoder");
        var heads = Positive(decoder, "num_attention_heads");
        return new DecoderConfig(
            Positive(decoder, "num_hidden_layers"),
            PositiveOrNull(decoder, "num_key_value_heads") ?? heads,
            PositiveOrNull(decoder, "head_size") ?? Positive(decoder, "hidden_size") / heads,
            Positive(model, "vocab_size"),
            Positive(model, "context_length"),
            EndTokenIds(model),
            null);
    }

    private static int Positive(JsonElement root, string name) =>
        PositiveOrNull(root, name) ?? throw new KeyNotFoundException($"'{name}' is missing");

    private static int? PositiveOrNull(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.GetInt32() is var number and > 0 ? number
        : throw new FormatException($"'{name}' is not above zero");

    /// <summary>One id, a list of ids, or none.</summary>
    private static int[] EndTokenIds(JsonElement root) =>
        !root.TryGetProperty("eos_token_id", out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => e.GetInt32())]
        : value.ValueKind == JsonValueKind.Number ? [value.GetInt32()]
        : [];
}
