using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>The shape of a decoder model, from its config.json.</summary>
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

    /// <summary>Need not be there.</summary>
    private const string GenerationFileName = "generation_config.json";

    /// <summary>Bytes of keys and values that one token takes.</summary>
    public long KeyValueBytesPerToken => 2L * Layers * KeyValueHeads * HeadSize * sizeof(float);

    /// <summary>Reads config.json, and generation_config.json if it is there.</summary>
    /// <exception cref="ModelFolderException">There is no config.json, or a file is damaged or lacks a setting.</exception>
    public static DecoderConfig Read(ModelFolder folder)
    {
        var (generationEndTokens, maxNewTokens) = folder.Has(GenerationFileName)
            ? ModelJson.Read(folder, GenerationFileName, root => (EndTokenIds(root), PositiveOrNull(root, "max_new_tokens")))
            : ([], null);
        return ModelJson.Read(folder, FileName, root =>
        {
            var heads = Positive(root, "num_attention_heads");
            return new DecoderConfig(
                Positive(root, "num_hidden_layers"),
                PositiveOrNull(root, "num_key_value_heads") ?? heads,
                PositiveOrNull(root, "head_dim") ?? Positive(root, "hidden_size") / heads,
                Positive(root, "vocab_size"),
                Positive(root, "max_position_embeddings"),
                [.. EndTokenIds(root).Union(generationEndTokens)],
                maxNewTokens);
        });
    }

    private static int Positive(JsonElement root, string name) =>
        PositiveOrNull(root, name) ?? throw new KeyNotFoundException($"'{name}' is missing");

    private static int? PositiveOrNull(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) ? null
        : value.GetInt32() is var number and > 0 ? number
        : throw new FormatException($"'{name}' is not above zero");

    /// <summary>One id, a list of ids, or none.</summary>
    private static int[] EndTokenIds(JsonElement root) =>
        !root.TryGetProperty("eos_token_id", out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => e.GetInt32())]
        : value.ValueKind == JsonValueKind.Number ? [value.GetInt32()]
        : [];
}
