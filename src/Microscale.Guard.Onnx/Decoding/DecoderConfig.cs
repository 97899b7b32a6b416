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
    /// <summary>Bytes of keys and values that one token takes.</summary>
    public long KeyValueBytesPerToken => 2L * Layers * KeyValueHeads * HeadSize * sizeof(float);

    /// <summary>Reads config.json, and generation_config.json if it is there.</summary>
    /// <exception cref="FileNotFoundException">There is no config.json.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or lacks a setting.</exception>
    public static DecoderConfig Read(string modelFolder)
    {
        var path = Path.Combine(modelFolder, "config.json");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model folder has no config.json ('{path}'): pass the folder of a chat model, copied whole.", path);
        }

        var generationPath = Path.Combine(modelFolder, "generation_config.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            using var generation = JsonDocument.Parse(File.Exists(generationPath) ? File.ReadAllBytes(generationPath) : "{}"u8.ToArray());
            var root = json.RootElement;
            var heads = Positive(root, "num_attention_heads");
            return new DecoderConfig(
                Positive(root, "num_hidden_layers"),
                root.TryGetProperty("num_key_value_heads", out _) ? Positive(root, "num_key_value_heads") : heads,
                root.TryGetProperty("head_dim", out _) ? Positive(root, "head_dim") : Positive(root, "hidden_size") / heads,
                Positive(root, "vocab_size"),
                Positive(root, "max_position_embeddings"),
                [.. EndTokenIds(root).Union(EndTokenIds(generation.RootElement))],
                generation.RootElement.TryGetProperty("max_new_tokens", out _) ? Positive(generation.RootElement, "max_new_tokens") : null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The settings of the model in '{modelFolder}' are damaged ({exception.Message}): fetch the model folder again.", exception);
        }
    }

    private static int Positive(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) ? throw new KeyNotFoundException($"'{name}' is missing")
        : value.GetInt32() is var number and > 0 ? number
        : throw new FormatException($"'{name}' is not above zero");

    /// <summary>One id, a list of ids, or none.</summary>
    private static IEnumerable<int> EndTokenIds(JsonElement root) =>
        !root.TryGetProperty("eos_token_id", out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => e.GetInt32())]
        : value.ValueKind == JsonValueKind.Number ? [value.GetInt32()]
        : [];
}
