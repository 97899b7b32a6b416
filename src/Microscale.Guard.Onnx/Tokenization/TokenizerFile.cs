using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>What is read from a tokenizer.json that describes byte-level BPE (GPT-2, Llama 3, Qwen) or BPE with byte fallback
/// (Llama 2, Mistral, Phi-3).</summary>
internal sealed class TokenizerFile
{
    public const string FileName = "tokenizer.json";

    /// <summary>The entries of the model, without the control tokens.</summary>
    public required Dictionary<string, int> Vocabulary { get; init; }

    public required List<(string Left, string Right)> Merges { get; init; }

    public List<AddedToken> AddedTokens { get; init; } = [];

    public TextNormalizer Normalize { get; init; } = text => text;

    public TextSplitter Split { get; init; } = (text, _) => [text];

    /// <summary>Whether the characters of entries stand for bytes; otherwise they are text, with '▁' for a blank.</summary>
    public bool IsByteLevel { get; init; }

    /// <summary>Whether a piece that is an entry is taken as it is.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>The entry for characters that nothing else spells, or null.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether the blank before the first word of a text is the tokenizer's, not the text's.</summary>
    public bool StripsFirstBlank { get; init; }

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="ModelFolderException">It is not there, is damaged, or describes another kind of tokenizer.</exception>
    public static TokenizerFile Read(ModelFolder folder) => ModelJson.Read(folder, FileName, Read);

    /// <summary>The bytes for which an entry of the vocabulary stands.</summary>
    public byte[] ToBytes(string entry) =>
        IsByteLevel ? ByteLevelAlphabet.ToBytes(entry) ?? System.Text.Encoding.UTF8.GetBytes(entry)
        : ByteFallback.ByteOf(entry) is { } single ? [single]
        : System.Text.Encoding.UTF8.GetBytes(entry.Replace(ByteFallback.Blank, ' '));

    private static TokenizerFile Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        var type = model.TryGetProperty("type", out var name) ? name.GetString() : "BPE";
        var preTokenizer = JsonParts.Of(root, "pre_tokenizer", "pretokenizers");
        var decoder = JsonParts.Of(root, "decoder", "decoders");
        var isByteLevel = preTokenizer.Concat(decoder).Any(p => JsonParts.TypeOf(p) == "ByteLevel");
        if (type != "BPE" || !(isByteLevel || Flag(model, "byte_fallback")))
        {
            throw new FormatException(
                $"it is {type} and neither byte-level BPE nor BPE with byte fallback, the kinds that chat models may have here: use a model of the Llama, Qwen, Phi, Mistral or SmolLM families");
        }

        foreach (var affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model.TryGetProperty(affix, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0)
            {
                throw new FormatException($"its BPE has a {affix}, which is not supported");
            }
        }

        List<AddedToken> added = root.TryGetProperty("added_tokens", out var tokens) ? [.. tokens.EnumerateArray().Select(AddedToken.Read)] : [];
        var special = added.Where(t => t.IsSpecial).Select(t => t.Id).ToHashSet();
        return new TokenizerFile
        {
            Vocabulary = model.GetProperty("vocab").EnumerateObject().Where(p => !special.Contains(p.Value.GetInt32()))
                .ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal),
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            AddedTokens = added,
            Normalize = TextNormalizers.Read(JsonParts.Of(root, "normalizer", "normalizers")),
            Split = TextSplitters.Read(preTokenizer),
            IsByteLevel = isByteLevel,
            IgnoresMerges = Flag(model, "ignore_merges"),
            Unknown = model.TryGetProperty("unk_token", out var unknown) && unknown.ValueKind == JsonValueKind.String ? unknown.GetString() : null,
            StripsFirstBlank = decoder.Any(p => JsonParts.TypeOf(p) is "Strip" or "Metaspace"),
        };
    }

    /// <summary>Merges are written as "a b" by older tools and as ["a", "b"] by newer ones.</summary>
    private static (string Left, string Right) ReadMerge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
        {
            return (merge[0].GetString()!, merge[1].GetString()!);
        }

        var text = merge.GetString()!;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 ? (text[..blank], text[(blank + 1)..]) : throw new FormatException($"the merge \"{text}\" is not two parts with a blank between them");
    }

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
