using System.Text.Json.Nodes;

namespace Microscale.Guard.Onnx.Tests.Tokenization;

/// <summary>Small tokenizer.json files, trained on a few words, and a plain encoder for them to compare with.</summary>
internal sealed class TinyTokenizer
{
    /// <summary>The pattern of Llama 3 (digits in threes) and of Qwen 2 (digits one by one) with <c>{1,3}</c> in its place.</summary>
    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Corpus =
        "the quick brown fox jumps over the lazy dog and the other dogs are not as quick as the fox was then it's there they're here 1999 2024 "
        + "naïve café 北京 hello hello world world <s> <|im_end|> user assistant system the answer is and the question was";

    private readonly Dictionary<string, int> _vocabulary = [];
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly bool _isByteLevel;
    private readonly int _unknown = -1;

    private TinyTokenizer(bool isByteLevel, int merges)
    {
        _isByteLevel = isByteLevel;
        if (!isByteLevel)
        {
            Add("<unk>");
            Add("<s>");
            Add("</s>");
        }

        for (var b = 0; b < 256; b++)
        {
            Add(isByteLevel ? ByteLevelAlphabet.ToChar((byte)b).ToString() : ByteFallback.Entry((byte)b));
        }

        var words = Corpus.Split(' ').Select(w => Symbols(isByteLevel ? " " + w : "▁" + w)).ToList();
        foreach (var symbol in words.SelectMany(w => w).Where(s => !isByteLevel).Distinct())
        {
            Add(symbol);
        }

        if (!isByteLevel)
        {
            _merges.Add(("<", "s"));
            Add("<s");
            _unknown = 0;
        }

        for (var i = 0; i < merges; i++)
        {
            var pairs = words.SelectMany(w => w.Zip(w.Skip(1))).CountBy(p => p).ToList();
            if (pairs.Count == 0)
            {
                break;
            }

            var best = pairs.OrderByDescending(p => p.Value).ThenBy(p => p.Key.First + " " + p.Key.Second, StringComparer.Ordinal).First().Key;
            _merges.Add(best);
            Add(best.First + best.Second);
            words = [.. words.Select(w => Join(w, best))];
        }
    }

    /// <summary>A merge that makes a control token, as some files have it.</summary>
    private IEnumerable<(string Left, string Right)> Trap => _isByteLevel ? [] : [("<s", ">")];

    public IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    public static TinyTokenizer ByteLevel { get; } = new(isByteLevel: true, merges: 120);

    public static TinyTokenizer SentencePiece { get; } = new(isByteLevel: false, merges: 120);

    public static JsonObject SplitBy(string pattern) => new()
    {
        ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false,
    };

    public static JsonObject AddedToken(string content, int id, bool special, bool rightStrip = false) => new()
    {
        ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = rightStrip, ["normalized"] = false, ["special"] = special,
    };

    public static JsonObject Sequence(string name, params JsonNode[] parts) => new() { ["type"] = "Sequence", [name] = new JsonArray(parts) };

    /// <summary>A tokenizer.json.</summary>
    public string ToJson(JsonNode? normalizer, JsonNode? preTokenizer, JsonNode? decoder, IEnumerable<JsonObject> added, bool ignoreMerges = false) => new JsonObject
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. added]),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer,
        ["post_processor"] = null,
        ["decoder"] = decoder,
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = _isByteLevel ? null : "<unk>",
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = !_isByteLevel,
            ["byte_fallback"] = !_isByteLevel,
            ["ignore_merges"] = ignoreMerges,
            ["vocab"] = new JsonObject(_vocabulary.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["merges"] = new JsonArray([.. _merges.Concat(Trap).Select(m => (JsonNode)(_isByteLevel ? $"{m.Left} {m.Right}" : new JsonArray(m.Left, m.Right)))]),
        },
    }.ToJsonString();

    /// <summary>The form of Llama 2, Mistral and Phi-3: blanks are '▁', with one before the text.</summary>
    public string ToLlama2Json(params JsonObject[] added) => ToJson(
        Sequence("normalizers",
            new JsonObject { ["type"] = "Prepend", ["prepend"] = "▁" },
            new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = " " }, ["content"] = "▁" }),
        null,
        Sequence("decoders",
            new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = "▁" }, ["content"] = " " },
            new JsonObject { ["type"] = "ByteFallback" },
            new JsonObject { ["type"] = "Fuse" },
            new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }),
        [AddedToken("<unk>", 0, true), AddedToken("<s>", 1, true), AddedToken("</s>", 2, true), .. added]);

    /// <summary>The form of Llama 3 and Qwen.</summary>
    public string ToLlama3Json(bool ignoreMerges = true, params JsonObject[] added) => ToJson(
        new JsonObject { ["type"] = "NFC" },
        Sequence("pretokenizers", SplitBy(Llama3Pattern), new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false }),
        new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
        added,
        ignoreMerges);

    /// <summary>The definition of BPE: join the first pair of the list that is there, from the left, until none is there.</summary>
    public List<int> Encode(string piece)
    {
        var symbols = Symbols(piece);
        foreach (var merge in _merges)
        {
            symbols = Join(symbols, merge);
        }

        return [.. symbols.Select(s => _vocabulary.GetValueOrDefault(s, _unknown))];
    }

    private List<string> Symbols(string piece)
    {
        var bytes = (string s) => System.Text.Encoding.UTF8.GetBytes(s);
        return _isByteLevel
            ? [.. bytes(piece).Select(b => ByteLevelAlphabet.ToChar(b).ToString())]
            : [.. piece.EnumerateRunes().Select(r => r.ToString())
                .SelectMany(r => _unknown < 0 || _vocabulary.ContainsKey(r) ? [r] : bytes(r).Select(ByteFallback.Entry))];
    }

    private static List<string> Join(List<string> symbols, (string Left, string Right) pair)
    {
        var joined = new List<string>();
        for (var i = 0; i < symbols.Count; i++)
        {
            if (i + 1 < symbols.Count && symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
            {
                joined.Add(pair.Left + pair.Right);
                i++;
            }
            else
            {
                joined.Add(symbols[i]);
            }
        }

        return joined;
    }

    private void Add(string entry) => _vocabulary.TryAdd(entry, _vocabulary.Count);
}
