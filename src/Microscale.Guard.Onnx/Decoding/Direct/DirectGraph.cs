using System.Runtime.InteropServices;

namespace Microscale.Guard.Onnx;

/// <summary>The constants of a matrix of 8-bit blocks: numbers, a scale and a zero point (128 where there is none) for each block.</summary>
internal sealed record BlockMatrix(OnnxTensor Weights, OnnxTensor Scales, OnnxTensor? Zeros, int Rows, int Columns);

/// <summary>The constants of a decoder layer.</summary>
internal sealed record DirectLayer(
    OnnxTensor InputNorm, BlockMatrix QueryKeyValue, BlockMatrix Output, OnnxTensor InnerNorm, BlockMatrix GateUp, BlockMatrix Down);

/// <summary>What <see cref="DirectStep"/> computes, read from a graph that has just the operators it knows: a decoder of the Llama
/// kind with attention in one operator (GroupQueryAttention, rotary inside, queries, keys and values packed), matrices of 8-bit
/// blocks of 32 (MatMulNBits, accuracy level 4), a gated inner layer, and an output head that is the embedding.</summary>
internal sealed class DirectGraph
{
    private readonly OnnxGraphFile _file;
    private readonly DecoderLayout _layout;
    private readonly ILookup<string, OnnxNode> _consumers;
    private readonly Dictionary<string, OnnxNode> _producers;

    private DirectGraph(OnnxGraphFile file, DecoderLayout layout)
    {
        (_file, _layout) = (file, layout);
        _consumers = file.Nodes.SelectMany(n => n.Inputs.Select(i => (Name: i, Node: n))).ToLookup(p => p.Name, p => p.Node, StringComparer.Ordinal);
        _producers = file.Nodes.SelectMany(n => n.Outputs.Where(o => o.Length > 0).Select(o => (Name: o, Node: n)))
            .ToDictionary(p => p.Name, p => p.Node, StringComparer.Ordinal);
    }

    public int Heads { get; private set; }

    public int KeyValueHeads { get; private set; }

    public int HeadSize { get; private set; }

    /// <summary>What products of queries and keys are multiplied with.</summary>
    public float AttentionScale { get; private set; }

    /// <summary>Added to the mean of squares of a norm.</summary>
    public float Epsilon { get; private set; }

    /// <summary>The gate is x · sigmoid(this · x).</summary>
    public float GateSlope { get; private set; }

    /// <summary>The cosines of rotary positions, [positions, half a head].</summary>
    public OnnxTensor Cosines { get; private set; } = null!;

    public OnnxTensor Sines { get; private set; } = null!;

    public List<DirectLayer> Layers { get; } = [];

    public OnnxTensor FinalNorm { get; private set; } = null!;

    /// <summary>The output head and the embedding.</summary>
    public BlockMatrix Head { get; private set; } = null!;

    /// <summary>Reads a graph.</summary>
    /// <exception cref="FormatException">It has something else than what is known; the message says what.</exception>
    public static DirectGraph Read(OnnxGraphFile file, DecoderLayout layout, DecoderConfig config)
    {
        var graph = new DirectGraph(file, layout);
        graph.ReadLayers();
        Expect(graph.Head.Rows == config.VocabularySize && graph.HeadSize == config.HeadSize && graph.KeyValueHeads == config.KeyValueHeads, "other shapes than the configuration's");
        return graph;
    }

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new FormatException(otherwise);
        }
    }

    private void ReadLayers()
    {
        var norms = _file.Nodes.Where(n => n.Operator == "SimplifiedLayerNormalization").ToList();
        Expect(norms.Count == 1, "not one first norm");
        var (residual, value, norm) = (norms[0].Inputs[0], norms[0].Outputs[0], Norm(norms[0], 1));
        for (var layer = 0; layer < _layout.PastNames.Count / 2; layer++)
        {
            (var queryKeyValue, value) = Product(value);
            value = Attention(Next(value, "GroupQueryAttention"), queryKeyValue, layer);
            (var output, value) = Product(value);
            (value, residual, var innerNorm) = Skip(value, residual);
            (var gateUp, value) = Product(value);
            (var down, value) = Product(Gate(value));
            (value, residual, var nextNorm) = Skip(value, residual);
            Layers.Add(new(norm, queryKeyValue, output, innerNorm, gateUp, down));
            norm = nextNorm;
        }

        FinalNorm = norm;
        (Head, value) = Product(_consumers[value].Any(n => n.Operator == "Slice") ? Next(value, "Slice").Outputs[0] : value);
        Expect(value == _layout.Logits.Name, "something behind the output head");
        Expect(IsEmbedding(norms[0].Inputs[0]), "an embedding that is not the output head");
    }

    /// <summary>The only operator that a value goes to.</summary>
    private OnnxNode Next(string value, string expected)
    {
        var nodes = _consumers[value].ToList();
        Expect(nodes.Count == 1 && nodes[0].Operator == expected, $"no single {expected} after '{value}'");
        return nodes[0];
    }

    private (BlockMatrix Matrix, string Output) Product(string value)
    {
        var node = Next(value, "MatMulNBits");
        var (rows, columns) = ((int)node.Attribute("N", 0), (int)node.Attribute("K", 0));
        Expect(
            node.Attribute("bits", 4) == 8 && node.Attribute("block_size", 0) == PackedMatrix.BlockLength && node.Attribute("accuracy_level", 0) == 4,
            "a matrix that is not of 8-bit blocks of 32 with accuracy level 4");
        Expect(rows % PackedMatrix.GroupRows == 0 && columns % PackedMatrix.BlockLength == 0, "a matrix of broken blocks");
        Expect(node.Inputs.Skip(4).All(i => i.Length == 0), "a matrix with a bias or another order");
        var blocks = (long)rows * columns / PackedMatrix.BlockLength;
        var zeros = node.Inputs.Count > 3 && node.Inputs[3].Length > 0 ? Tensor(node.Inputs[3], OnnxTensor.ByteType, blocks) : null;
        return (new(Tensor(node.Inputs[1], OnnxTensor.ByteType, (long)rows * columns), Tensor(node.Inputs[2], OnnxTensor.FloatType, blocks), zeros, rows, columns), node.Outputs[0]);
    }

    private string Attention(OnnxNode node, BlockMatrix queryKeyValue, int layer)
    {
        var isKnown = node.Attribute("do_rotary", 0) == 1 && node.Attribute("rotary_interleaved", 0) == 0 && node.Attribute("local_window_size", -1) == -1
            && node.Attribute("softcap", 0) == 0 && node.Attribute("smooth_softmax", 0) <= 0 && node.Attribute("qk_output", 0) == 0
            && node.Inputs.Count >= 9 && node.Inputs[1].Length + node.Inputs[2].Length == 0 && node.Inputs.Skip(9).All(i => i.Length == 0)
            && node.Inputs[3] == _layout.PastNames[2 * layer] && node.Inputs[4] == _layout.PastNames[(2 * layer) + 1];
        Expect(isKnown, "attention of another kind");
        (Heads, KeyValueHeads) = ((int)node.Attribute("num_heads", 0), (int)node.Attribute("kv_num_heads", 0));
        HeadSize = queryKeyValue.Rows / (Heads + (2 * KeyValueHeads));
        Expect(HeadSize % 16 == 0 && HeadSize * (Heads + (2 * KeyValueHeads)) == queryKeyValue.Rows && Heads % KeyValueHeads == 0, "heads of another shape");
        AttentionScale = (float)node.Attribute("scale", 0) is var scale and > 0 ? scale : 1 / MathF.Sqrt(HeadSize);
        (Cosines, Sines) = (Tensor(node.Inputs[7], OnnxTensor.FloatType), Tensor(node.Inputs[8], OnnxTensor.FloatType));
        Expect(Cosines.Shape.Count == 2 && Cosines.Shape[1] == HeadSize / 2 && Cosines.Shape.SequenceEqual(Sines.Shape), "rotary positions of a part of the head");
        return node.Outputs[0];
    }

    private (string Value, string Residual, OnnxTensor Norm) Skip(string value, string residual)
    {
        var node = Next(value, "SkipSimplifiedLayerNormalization");
        Expect(node.Inputs.Count == 3 && node.Inputs.Contains(residual), "another residual path");
        return (node.Outputs[0], node.Outputs.ElementAtOrDefault(3) ?? "", Norm(node, 2));
    }

    private OnnxTensor Norm(OnnxNode node, int input)
    {
        Epsilon = (float)node.Attribute("epsilon", 1e-5);
        return Tensor(node.Inputs[input], OnnxTensor.FloatType);
    }

    private string Gate(string value)
    {
        var halves = Next(value, "Split");
        Expect(halves.Inputs.Count == 1 && halves.Outputs.Count == 2, "parts that are no halves");
        var gate = Next(halves.Outputs[0], "QuickGelu");
        GateSlope = (float)gate.Attribute("alpha", 1.702);
        var product = Next(gate.Outputs[0], "Mul");
        Expect(product.Inputs.Contains(halves.Outputs[1]), "another gate");
        return product.Outputs[0];
    }

    /// <summary>Whether a value is rows of the output head: (number - 128) · scale.</summary>
    private bool IsEmbedding(string value)
    {
        var product = Source(Source(value, "Reshape")?.Inputs[0], "Mul");
        var difference = Source(product?.Inputs[0], "Sub");
        return difference is not null && Head.Zeros is null
            && _file.Tensors.TryGetValue(difference.Inputs[1], out var zero) && zero is { Type: OnnxTensor.FloatType, Count: 1 }
            && MemoryMarshal.Cast<byte, float>(zero.Bytes.Span) is [128f]
            && IsRows(Source(Source(difference.Inputs[0], "Cast")?.Inputs[0], "Gather"), Head.Weights)
            && IsRows(Source(Source(product!.Inputs[1], "Unsqueeze")?.Inputs[0], "Gather"), Head.Scales);

        bool IsRows(OnnxNode? node, OnnxTensor tensor) => node?.Inputs[0] == tensor.Name && node.Inputs[1] == _layout.Ids.Name && node.Attribute("axis", 0) == 0;

        OnnxNode? Source(string? name, string expected) =>
            name is not null && _producers.TryGetValue(name, out var node) && node.Operator == expected ? node : null;
    }

    private OnnxTensor Tensor(string name, int type, long? count = null)
    {
        Expect(_file.Tensors.TryGetValue(name, out var tensor) && tensor.Type == type && (count is null || tensor.Count == count), $"'{name}' is no constant of the known kind");
        return tensor!;
    }
}
