using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>What is read from a tokenizer.json that describes byte-level BPE.</summary>
internal sealed class TokenizerFile
{
    public const string FileName = "tokenizer.json";

    public required Dictionary<string, int> Vocabulary { get; init; }

    public required List<string> Merges { get; init; }

    /// <summary>The control tokens (such as the start of a turn), by their names.</summary>
    public required Dictionary<string, int> SpecialTokens { get; init; }

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="ModelFolderException">It is not there, is damaged, or describes another kind of tokenizer.</exception>
    public static TokenizerFile Read(ModelFolder folder) => ModelJson.Read(folder, FileName, Read);

    private static TokenizerFile Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE" || !SplitsDigitsAndBytes(root.GetProperty("pre_tokenizer")))
        {
            throw new FormatException("it is not byte-level BPE with single digits, the one kind that chat models may have here: use such a model, as SmolLM2 is");
        }

        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in root.GetProperty("added_tokens").EnumerateArray())
        {
            // Added tokens that are not special ("\n" in some models) are plain text.
            if (token.GetProperty("special").GetBoolean())
            {
                special[token.GetProperty("content").GetString()!] = token.GetProperty("id").GetInt32();
            }
        }

        return new TokenizerFile
        {
            Vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal),
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            SpecialTokens = special,
        };
    }

    /// <summary>Merges are written as "a b" by older tools and as ["a", "b"] by newer ones.</summary>
    private static string ReadMerge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!;

    private static bool SplitsDigitsAndBytes(JsonElement preTokenizer) =>
        preTokenizer.GetProperty("type").GetString() == "Sequence"
        && preTokenizer.GetProperty("pretokenizers") is { } parts
        && parts.GetArrayLength() == 2
        && parts[0].GetProperty("type").GetString() == "Digits"
        && parts[0].GetProperty("individual_digits").GetBoolean()
        && parts[1].GetProperty("type").GetString() == "ByteLevel"
        && !parts[1].GetProperty("add_prefix_space").GetBoolean();
}
