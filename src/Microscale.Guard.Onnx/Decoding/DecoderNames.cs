using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>The names of a graph's inputs and outputs, which genai_config.json may change.</summary>
internal sealed record DecoderNames
{
    public string Ids { get; init; } = "input_ids";

    public string Mask { get; init; } = "attention_mask";

    public string Logits { get; init; } = "logits";

    /// <summary>The input of a layer's keys, with %d for the number of the layer.</summary>
    public string PastKey { get; init; } = "past_key_values.%d.key";

    /// <summary>The output of a layer's keys, likewise.</summary>
    public string PresentKey { get; init; } = "present.%d.key";

    /// <summary>Reads the names of a genai_config.json.</summary>
    public static DecoderNames Read(JsonElement root)
    {
        var names = new DecoderNames();
        var decoder = root.GetProperty("model").GetProperty("decoder");
        var hasInputs = decoder.TryGetProperty("inputs", out var inputs);
        var hasOutputs = decoder.TryGetProperty("outputs", out var outputs);
        return names with
        {
            Ids = Text(hasInputs, inputs, "input_ids") ?? names.Ids,
            Mask = Text(hasInputs, inputs, "attention_mask") ?? names.Mask,
            Logits = Text(hasOutputs, outputs, "logits") ?? names.Logits,
            PastKey = Text(hasInputs, inputs, "past_key_names") ?? names.PastKey,
            PresentKey = Text(hasOutputs, outputs, "present_key_names") ?? names.PresentKey,
        };
    }

    /// <summary>The file of the graph that a genai_config.json names, or null.</summary>
    public static string? FileOf(JsonElement root) => Text(true, root.GetProperty("model").GetProperty("decoder"), "filename");

    private static string? Text(bool exists, JsonElement element, string name) =>
        exists && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
