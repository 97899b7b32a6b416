using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>Reads the steps of a tokenizer.json, which may be one, a sequence of them, or none.</summary>
internal static class JsonParts
{
    /// <summary>The steps in order, sequences within sequences too.</summary>
    public static List<JsonElement> Of(JsonElement root, string name, string sequenceName)
    {
        var parts = new List<JsonElement>();
        if (root.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object)
        {
            Add(part);
        }

        return parts;

        void Add(JsonElement step)
        {
            if (TypeOf(step) == "Sequence")
            {
                foreach (var inner in step.GetProperty(sequenceName).EnumerateArray())
                {
                    Add(inner);
                }
            }
            else
            {
                parts.Add(step);
            }
        }
    }

    public static string? TypeOf(JsonElement part) => part.GetProperty("type").GetString();

    /// <summary>A setting that is true or false.</summary>
    public static bool Flag(JsonElement part, string name, bool missing) =>
        part.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : missing;

    /// <summary>A setting that is a text.</summary>
    public static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
