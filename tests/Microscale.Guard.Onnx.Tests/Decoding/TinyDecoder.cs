using System.Text.Json;
using Microscale.Guard.Onnx.Tests.Models;
using Microscale.Guard.Onnx.Tests.Tokenization;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>How a tiny decoder is exported.</summary>
internal sealed record TinyLayout(string Name)
{
    /// <summary>Attention as one operator (the model builder of onnxruntime-genai), otherwise as many (optimum).</summary>
    public bool IsGroupQuery { get; init; }

    public bool HasPositions { get; init; }

    public bool HasUseCache { get; init; }

    public bool HasLogitsToKeep { get; init; }

    public bool PrunesHead { get; init; }

    public bool HasGenAiConfig { get; init; }

    public bool IsHalf { get; init; }

    public bool HasInt32Ids { get; init; }

    /// <summary>Whether queries, keys and values have biases, as in Qwen 2.</summary>
    public bool HasBias { get; init; }

    public string PastKey { get; init; } = "past_key_values.%d.key";

    public string PresentKey { get; init; } = "present.%d.key";

    public override string ToString() => Name;
}

/// <summary>A decoder of the Llama kind with few random weights: as a folder with a graph in a layout, and as plain arithmetic.</summary>
internal sealed class TinyDecoder
{
    public const int Vocabulary = 460;
    public const int Layers = 2;
    public const int KeyValueHeads = 2;
    /// <summary>The operator for attention wants multiples of 16.</summary>
    public const int HeadSize = 16;
    public const int EndToken = 400;

    private const int Heads = 4;
    private const int Hidden = Heads * HeadSize;
    private const int KeyValueSize = KeyValueHeads * HeadSize;
    private const int Inner = 48;
    private const int Context = 64;
    private const float Epsilon = 1e-5f;

    private readonly bool _hasBias;
    private readonly float[] _embedding;
    private readonly float[] _head;
    private readonly float[] _norm;
    private readonly Layer[] _layers;

    private TinyDecoder(bool hasBias)
    {
        _hasBias = hasBias;
        var random = new Random(7);
        _embedding = Weights(Vocabulary * Hidden, 1);
        _layers = [.. Enumerable.Range(0, Layers).Select(_ => new Layer(
            Scales(), Weights(Hidden * Hidden), Weights(Hidden * KeyValueSize), Weights(Hidden * KeyValueSize), Weights(Hidden * Hidden),
            Weights(Hidden, 0.5), Weights(KeyValueSize, 0.5), Weights(KeyValueSize, 0.5),
            Scales(), Weights(Hidden * Inner), Weights(Hidden * Inner), Weights(Inner * Hidden)))];
        _norm = Scales();

        // Never a token that is no text.
        _head = [.. Weights(Hidden * Vocabulary, 0.4).Select((w, i) => i % Vocabulary < TinyTokenizer.ByteLevel.Vocabulary.Count ? w : 0)];

        float[] Weights(int count, double scale = 0.25) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 2 * scale))];
        float[] Scales() => [.. Enumerable.Range(0, Hidden).Select(_ => (float)(0.7 + (0.6 * random.NextDouble())))];
    }

    public static TinyDecoder Plain { get; } = new(hasBias: false);

    public static TinyDecoder WithBias { get; } = new(hasBias: true);

    public static TinyDecoder Of(TinyLayout layout) => layout.HasBias ? WithBias : Plain;

    /// <summary>The logits after each token, all computed anew.</summary>
    public List<float[]> Compute(IReadOnlyList<int> tokens)
    {
        var states = tokens.Select(t => _embedding.AsSpan(t * Hidden, Hidden).ToArray()).ToList();
        foreach (var layer in _layers)
        {
            var inputs = states.Select(s => Normalise(s, layer.InputNorm)).ToList();
            var queries = inputs.Select((x, i) => Rotate(Product(x, layer.Query, Hidden, layer.QueryBias), i)).ToList();
            var keys = inputs.Select((x, i) => Rotate(Product(x, layer.Key, KeyValueSize, layer.KeyBias), i)).ToList();
            var values = inputs.Select(x => Product(x, layer.Value, KeyValueSize, layer.ValueBias)).ToList();
            for (var i = 0; i < states.Count; i++)
            {
                states[i] = Sum(states[i], Product(Attend(queries[i], keys[..(i + 1)], values), layer.Output, Hidden));
                var x = Normalise(states[i], layer.InnerNorm);
                var gated = Product(x, layer.Gate, Inner).Zip(Product(x, layer.Up, Inner), (g, u) => g / (1 + MathF.Exp(-g)) * u).ToArray();
                states[i] = Sum(states[i], Product(gated, layer.Down, Hidden));
            }
        }

        return [.. states.Select(s => Product(Normalise(s, _norm), _head, Vocabulary))];
    }

    /// <summary>Writes a folder with the graph, its configuration, a tokenizer and a template.</summary>
    public static ModelFolder Write(TemporaryFolder folder, TinyLayout layout, string template = "{% for m in messages %}{{ m.content }}{% endfor %}")
    {
        var file = layout.HasGenAiConfig ? "decoder.onnx" : "model.onnx";
        File.WriteAllBytes(Path.Combine(folder.Path, file), Of(layout).ToModel(layout));
        if (layout.HasGenAiConfig)
        {
            folder.Write("genai_config.json", JsonSerializer.Serialize(new
            {
                model = new
                {
                    bos_token_id = 1,
                    eos_token_id = new[] { EndToken, EndToken + 1 },
                    context_length = Context,
                    vocab_size = Vocabulary,
                    type = "llama",
                    decoder = new
                    {
                        filename = file,
                        head_size = HeadSize,
                        hidden_size = Hidden,
                        num_attention_heads = Heads,
                        num_key_value_heads = KeyValueHeads,
                        num_hidden_layers = Layers,
                        inputs = new { input_ids = "input_ids", attention_mask = "attention_mask", past_key_names = layout.PastKey },
                        outputs = new { logits = "logits", present_key_names = layout.PresentKey },
                    },
                },
            }));
        }
        else
        {
            folder.Write("config.json", JsonSerializer.Serialize(new
            {
                model_type = "llama",
                vocab_size = Vocabulary,
                hidden_size = Hidden,
                num_hidden_layers = Layers,
                num_attention_heads = Heads,
                num_key_value_heads = KeyValueHeads,
                max_position_embeddings = Context,
                eos_token_id = EndToken,
            }));
        }

        folder.Write("tokenizer.json", TinyTokenizer.ByteLevel.ToLlama3Json(added:
            [TinyTokenizer.AddedToken("<|end|>", EndToken, special: true), TinyTokenizer.AddedToken("<|stop|>", EndToken + 1, special: true)]));
        folder.Write("chat_template.jinja", template);
        return ModelFolder.Open(folder.Path, verifyChecksums: false);
    }

    private byte[] ToModel(TinyLayout layout)
    {
        var graph = new OnnxGraph();
        var idType = layout.HasInt32Ids ? OnnxGraph.Int32 : OnnxGraph.Int64;
        var floatType = layout.IsHalf ? OnnxGraph.Float16 : OnnxGraph.Float;
        var ids = graph.Input("input_ids", idType, "batch", "length");
        var mask = graph.Input("attention_mask", idType, "batch", "total");
        if (layout.HasInt32Ids)
        {
            mask = graph.Op("Cast", [mask], ("to", (long)OnnxGraph.Int64));
        }

        var positions = layout.HasPositions ? graph.Input("position_ids", OnnxGraph.Int64, "batch", "length") : layout.IsGroupQuery ? "" : CountPositions(graph, ids, mask);
        var useCache = layout.HasUseCache ? graph.Input("use_cache_branch", OnnxGraph.Bool, 1) : null;
        if (layout.HasLogitsToKeep)
        {
            graph.Input("num_logits_to_keep", OnnxGraph.Int64);
            graph.Default("num_logits_to_keep", 0);
        }

        var (cosine, sine) = RotaryTables();
        var x = graph.Op("Gather", [graph.Constant(_embedding, Vocabulary, Hidden), ids]);
        for (var i = 0; i < Layers; i++)
        {
            var layer = _layers[i];
            var normal = Normalise(graph, x, layer.InputNorm);
            var query = Project(graph, normal, layer.Query, Hidden, layer.QueryBias);
            var key = Project(graph, normal, layer.Key, KeyValueSize, layer.KeyBias);
            var value = Project(graph, normal, layer.Value, KeyValueSize, layer.ValueBias);
            var pastKey = Past(graph, Name(layout.PastKey, i), layout, floatType);
            var pastValue = Past(graph, Name(layout.PastKey, i).Replace(".key", ".value", StringComparison.Ordinal), layout, floatType);
            string attended;
            string presentKey;
            string presentValue;
            if (layout.IsGroupQuery)
            {
                var outputs = graph.Ops(
                    "GroupQueryAttention",
                    "com.microsoft",
                    [
                        query, key, value, pastKey, pastValue,
                        graph.Op("Cast", [graph.Op("Sub", [graph.Op("ReduceSum", [mask, graph.Constant([1L], 1)], ("keepdims", 0L)), graph.Constant([1L])])], ("to", (long)OnnxGraph.Int32)),
                        graph.Op("Cast", [graph.Op("Gather", [graph.Op("Shape", [mask]), graph.Constant([1L])])], ("to", (long)OnnxGraph.Int32)),
                        graph.Constant(cosine, Context, HeadSize / 2), graph.Constant(sine, Context, HeadSize / 2),
                    ],
                    3,
                    ("num_heads", (long)Heads), ("kv_num_heads", (long)KeyValueHeads), ("do_rotary", 1L), ("rotary_interleaved", 0L), ("scale", 1 / MathF.Sqrt(HeadSize)));
                (attended, presentKey, presentValue) = (outputs[0], outputs[1], outputs[2]);
            }
            else
            {
                (attended, presentKey, presentValue) = Attend(graph, query, key, value, pastKey, pastValue, mask, positions, useCache, cosine, sine);
            }

            Present(graph, presentKey, Name(layout.PresentKey, i), layout, floatType);
            Present(graph, presentValue, Name(layout.PresentKey, i).Replace(".key", ".value", StringComparison.Ordinal), layout, floatType);
            x = graph.Op("Add", [x, Project(graph, attended, layer.Output, Hidden)]);
            normal = Normalise(graph, x, layer.InnerNorm);
            var gate = Project(graph, normal, layer.Gate, Inner);
            var inner = graph.Op("Mul", [graph.Op("Mul", [gate, graph.Op("Sigmoid", [gate])]), Project(graph, normal, layer.Up, Inner)]);
            x = graph.Op("Add", [x, Project(graph, inner, layer.Down, Hidden)]);
        }

        x = Normalise(graph, x, _norm);
        if (layout.HasLogitsToKeep || layout.PrunesHead)
        {
            var first = layout.PrunesHead ? graph.Constant([-1L], 1) : graph.Op("Unsqueeze", [graph.Op("Neg", ["num_logits_to_keep"]), graph.Constant([0L], 1)]);
            x = graph.Op("Slice", [x, first, graph.Constant([long.MaxValue], 1), graph.Constant([1L], 1)]);
        }

        var logits = Project(graph, x, _head, Vocabulary);
        graph.Rename(layout.IsHalf ? graph.Op("Cast", [logits], ("to", (long)floatType)) : logits, "logits");
        graph.Output("logits", floatType, "batch", "kept", Vocabulary);
        return graph.ToModel();
    }

    private static string CountPositions(OnnxGraph graph, string ids, string mask)
    {
        var all = graph.Op("Sub", [graph.Op("CumSum", [mask, graph.Constant([1L])]), graph.Constant([1L])]);
        var length = graph.Op("Unsqueeze", [graph.Op("Gather", [graph.Op("Shape", [ids]), graph.Constant([1L])]), graph.Constant([0L], 1)]);
        return graph.Op("Slice", [all, graph.Op("Neg", [length]), graph.Constant([long.MaxValue], 1), graph.Constant([1L], 1)]);
    }

    private static string Past(OnnxGraph graph, string name, TinyLayout layout, int type)
    {
        graph.Input(name, type, "batch", KeyValueHeads, "past", HeadSize);
        return layout.IsHalf ? graph.Op("Cast", [name], ("to", (long)OnnxGraph.Float)) : name;
    }

    private static void Present(OnnxGraph graph, string value, string name, TinyLayout layout, int type)
    {
        graph.Rename(layout.IsHalf ? graph.Op("Cast", [value], ("to", (long)type)) : value, name);
        graph.Output(name, type, "batch", KeyValueHeads, "total", HeadSize);
    }

    private static (string Attended, string Key, string Value) Attend(
        OnnxGraph graph, string query, string key, string value, string pastKey, string pastValue, string mask, string positions, string? useCache, float[] cosine, float[] sine)
    {
        query = Rotate(graph, ToHeads(graph, query, Heads), positions, cosine, sine);
        key = Append(pastKey, Rotate(graph, ToHeads(graph, key, KeyValueHeads), positions, cosine, sine));
        value = Append(pastValue, ToHeads(graph, value, KeyValueHeads));
        var total = graph.Op("Gather", [graph.Op("Shape", [key]), graph.Constant([2L])]);
        var columns = graph.Op("Range", [graph.Constant([0L]), total, graph.Constant([1L])]);
        var seen = graph.Op("LessOrEqual", [columns, graph.Op("Unsqueeze", [positions, graph.Constant([1L, 3L], 2)])]);
        var there = graph.Op("Equal", [graph.Op("Unsqueeze", [mask, graph.Constant([1L, 2L], 2)]), graph.Constant([1L])]);
        var allowed = graph.Op("And", [seen, there]);
        var scores = graph.Op("Mul",
        [
            graph.Op("MatMul", [query, graph.Op("Transpose", [Repeat(key)], ("perm", (long[])[0, 1, 3, 2]))]),
            graph.Constant([1 / MathF.Sqrt(HeadSize)]),
        ]);
        var weights = graph.Op("Softmax", [graph.Op("Where", [allowed, scores, graph.Constant([-1e9f])])], ("axis", -1L));
        var heads = graph.Op("Transpose", [graph.Op("MatMul", [weights, Repeat(value)])], ("perm", (long[])[0, 2, 1, 3]));
        return (graph.Op("Reshape", [heads, graph.Constant([0L, 0L, Hidden], 3)]), key, value);

        string Append(string past, string present) => useCache is null
            ? graph.Op("Concat", [past, present], ("axis", 2L))
            : graph.If(
                graph.Op("Squeeze", [useCache]),
                g => g.Op("Concat", [past, present], ("axis", 2L)),
                g => g.Op("Identity", [present]),
                OnnxGraph.Float,
                "b", KeyValueHeads, "t", HeadSize);

        string Repeat(string tensor)
        {
            var apart = graph.Op("Unsqueeze", [tensor, graph.Constant([2L], 1)]);
            return graph.Op("Reshape", [graph.Op("Concat", [apart, apart], ("axis", 2L)), graph.Constant([0L, Heads, -1L, HeadSize], 4)]);
        }
    }

    private static string ToHeads(OnnxGraph graph, string value, int heads) =>
        graph.Op("Transpose", [graph.Op("Reshape", [value, graph.Constant([0L, 0L, heads, HeadSize], 4)])], ("perm", (long[])[0, 2, 1, 3]));

    private static string Rotate(OnnxGraph graph, string value, string positions, float[] cosine, float[] sine)
    {
        var first = Part(0, HeadSize / 2);
        var second = Part(HeadSize / 2, HeadSize);
        var (c, s) = (Angles(cosine), Angles(sine));
        return graph.Op("Concat",
        [
            graph.Op("Sub", [graph.Op("Mul", [first, c]), graph.Op("Mul", [second, s])]),
            graph.Op("Add", [graph.Op("Mul", [second, c]), graph.Op("Mul", [first, s])]),
        ], ("axis", -1L));

        string Part(long start, long end) => graph.Op("Slice", [value, graph.Constant([start], 1), graph.Constant([end], 1), graph.Constant([3L], 1)]);
        string Angles(float[] table) => graph.Op("Unsqueeze", [graph.Op("Gather", [graph.Constant(table, Context, HeadSize / 2), positions]), graph.Constant([1L], 1)]);
    }

    private static string Normalise(OnnxGraph graph, string value, float[] scales)
    {
        var mean = graph.Op("ReduceMean", [graph.Op("Mul", [value, value])], ("axes", (long[])[-1]), ("keepdims", 1L));
        var root = graph.Op("Sqrt", [graph.Op("Add", [mean, graph.Constant([Epsilon])])]);
        return graph.Op("Mul", [graph.Op("Div", [value, root]), graph.Constant(scales, Hidden)]);
    }

    private string Project(OnnxGraph graph, string value, float[] weights, int width, float[]? bias = null)
    {
        var product = graph.Op("MatMul", [value, graph.Constant(weights, weights.Length / width, width)]);
        return bias is null || !_hasBias ? product : graph.Op("Add", [product, graph.Constant(bias, width)]);
    }

    private static string Name(string pattern, int layer) => pattern.Replace("%d", $"{layer}", StringComparison.Ordinal);

    private static (float[] Cosine, float[] Sine) RotaryTables()
    {
        var angles = Enumerable.Range(0, Context).SelectMany(p => Enumerable.Range(0, HeadSize / 2).Select(i => p * Math.Pow(10_000, -2.0 * i / HeadSize))).ToList();
        return ([.. angles.Select(a => (float)Math.Cos(a))], [.. angles.Select(a => (float)Math.Sin(a))]);
    }

    private static float[] Attend(float[] query, List<float[]> keys, List<float[]> values)
    {
        var result = new float[Hidden];
        for (var head = 0; head < Heads; head++)
        {
            var shared = head * KeyValueHeads / Heads * HeadSize;
            var scores = keys.Select(k => Enumerable.Range(0, HeadSize).Sum(d => query[(head * HeadSize) + d] * k[shared + d]) / MathF.Sqrt(HeadSize)).ToList();
            var weights = scores.Select(s => MathF.Exp(s - scores.Max())).ToList();
            for (var d = 0; d < HeadSize; d++)
            {
                result[(head * HeadSize) + d] = weights.Select((w, i) => w * values[i][shared + d]).Sum() / weights.Sum();
            }
        }

        return result;
    }

    private static float[] Rotate(float[] heads, int position)
    {
        var rotated = new float[heads.Length];
        for (var i = 0; i < heads.Length; i++)
        {
            var (start, d) = (i / HeadSize * HeadSize, i % HeadSize);
            var half = HeadSize / 2;
            var angle = position * Math.Pow(10_000, -2.0 * (d % half) / HeadSize);
            var other = d < half ? -heads[start + d + half] : heads[start + d - half];
            rotated[i] = (heads[i] * (float)Math.Cos(angle)) + (other * (float)Math.Sin(angle));
        }

        return rotated;
    }

    private static float[] Normalise(float[] x, float[] scales)
    {
        var root = MathF.Sqrt((x.Sum(v => v * v) / x.Length) + Epsilon);
        return [.. x.Zip(scales, (v, s) => v / root * s)];
    }

    private float[] Product(float[] x, float[] weights, int width, float[]? bias = null)
    {
        var result = bias is null || !_hasBias ? new float[width] : [.. bias];
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < width; j++)
            {
                result[j] += x[i] * weights[(i * width) + j];
            }
        }

        return result;
    }

    private static float[] Sum(float[] x, float[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private sealed record Layer(
        float[] InputNorm, float[] Query, float[] Key, float[] Value, float[] Output, float[] QueryBias, float[] KeyBias, float[] ValueBias,
        float[] InnerNorm, float[] Gate, float[] Up, float[] Down);
}
