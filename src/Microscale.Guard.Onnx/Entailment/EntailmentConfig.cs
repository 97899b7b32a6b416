using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>What the config.json of an entailment model says of its output and its input.</summary>
/// <remarks>Models differ in the order of their labels; a wrong guess would turn every verdict around.</remarks>
/// <param name="Entailment">The index of the label.</param>
/// <param name="Neutral">The index of the label.</param>
/// <param name="Contradiction">The index of the label.</param>
/// <param name="MaxTokens">The most tokens of a pair, special ones included.</param>
internal sealed record EntailmentConfig(int Entailment, int Neutral, int Contradiction, int MaxTokens)
{
    public const string FileName = "config.json";

    public const int LabelCount = 3;

    private const int DefaultMaxTokens = 320;

    /// <summary>Reads the configuration of a folder.</summary>
    /// <exception cref="ModelFolderException">It is not that of an entailment model.</exception>
    public static EntailmentConfig Load(ModelFolder folder) =>
        ModelJson.Read(folder, FileName, Read, "; it must map id2label 0, 1, 2 to entailment, neutral, contradiction in some order");

    private static EntailmentConfig Read(JsonElement root)
    {
        var labels = root.GetProperty("id2label").EnumerateObject()
            .ToDictionary(p => p.Value.GetString()!, p => int.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);
        var config = new EntailmentConfig(
            labels["entailment"],
            labels["neutral"],
            labels["contradiction"],
            root.TryGetProperty("max_length", out var length) ? length.GetInt32() : DefaultMaxTokens);
        return labels.Values.Order().SequenceEqual(Enumerable.Range(0, LabelCount)) && config.MaxTokens > 8
            ? config
            : throw new FormatException("Labels or length are out of range.");
    }
}
