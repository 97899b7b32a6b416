using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

/// <summary>The graph of the chat model is known; with one thing else in it, it must be refused: the steps would compute something else.</summary>
public sealed class DirectGraphTests(ChatDecoder decoder) : IClassFixture<ChatDecoder>
{
    [Fact]
    public void Read_ChatModel_HasItsShape()
    {
        var graph = Read(_ => { });

        Assert.Equal((30, 9, 3, 64), (graph.Layers.Count, graph.Heads, graph.KeyValueHeads, graph.HeadSize));
        Assert.Equal((49152, 576), (graph.Head.Rows, graph.Head.Columns));
        Assert.Equal(1f, graph.GateSlope);
    }

    [Theory]
    [InlineData("MatMulNBits", "bits", 4, "8-bit")]
    [InlineData("MatMulNBits", "block_size", 128, "blocks of 32")]
    [InlineData("MatMulNBits", "accuracy_level", 1, "accuracy level 4")]
    [InlineData("GroupQueryAttention", "do_rotary", 0, "attention of another kind")]
    [InlineData("GroupQueryAttention", "rotary_interleaved", 1, "attention of another kind")]
    [InlineData("GroupQueryAttention", "local_window_size", 512, "attention of another kind")]
    [InlineData("GroupQueryAttention", "softcap", 30, "attention of another kind")]
    [InlineData("GroupQueryAttention", "smooth_softmax", 1, "attention of another kind")]
    [InlineData("GroupQueryAttention", "num_heads", 8, "heads of another shape")]
    public void Read_OtherAttribute_SaysWhatIsOther(string type, string attribute, double value, string said)
    {
        var exception = Assert.Throws<FormatException>(() => Read(file => Change(file, type, n => n with
        {
            Attributes = new Dictionary<string, double>(n.Attributes, StringComparer.Ordinal) { [attribute] = value },
        })));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("QuickGelu", "Gelu", "no single QuickGelu")]
    [InlineData("GroupQueryAttention", "MultiHeadAttention", "no single GroupQueryAttention")]
    [InlineData("SkipSimplifiedLayerNormalization", "SkipLayerNormalization", "no single SkipSimplifiedLayerNormalization")]
    [InlineData("SimplifiedLayerNormalization", "LayerNormalization", "not one first norm")]
    [InlineData("Gather", "GatherElements", "an embedding that is not the output head")]
    public void Read_OtherOperator_SaysWhatIsOther(string type, string other, string said)
    {
        var exception = Assert.Throws<FormatException>(() => Read(file => Change(file, type, n => n with { Operator = other })));

        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FurtherInputs_SaysWhatIsOther()
    {
        Refuses("attention of another kind", file => Change(file, "GroupQueryAttention", n => n with { Inputs = [.. n.Inputs, "bias"] }));
        Refuses("a matrix with a bias or another order", file => Change(file, "MatMulNBits", n => n with { Inputs = [.. n.Inputs, .. Enumerable.Repeat("", 5 - n.Inputs.Count), "bias"] }));
        Refuses("no constant of the known kind", file => Change(file, "MatMulNBits", n => n with { Inputs = [n.Inputs[0], "computed", .. n.Inputs.Skip(2)] }));
    }

    [Fact]
    public void Read_AnotherReaderOfAValue_SaysWhatIsOther() => Refuses(
        "no single MatMulNBits",
        file => file.Nodes.Add(new("Identity", [file.Nodes.First(n => n.Operator == "SimplifiedLayerNormalization").Outputs[0]], ["other"], new Dictionary<string, double>())));

    private void Refuses(string said, Action<OnnxGraphFile> change) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => Read(change)).Message, StringComparison.Ordinal);

    private DirectGraph Read(Action<OnnxGraphFile> change)
    {
        var file = OnnxGraphFile.Read(TestModels.Chat.File(DecoderConfig.RequireFiles(TestModels.Chat)));
        change(file);
        return DirectGraph.Read(file, decoder.Model.Layout, decoder.Model.Config);
    }

    /// <summary>Changes the first operator of a type.</summary>
    private static void Change(OnnxGraphFile file, string type, Func<OnnxNode, OnnxNode> change)
    {
        var index = file.Nodes.FindIndex(n => n.Operator == type);
        Assert.True(index >= 0, $"There is no {type}.");
        file.Nodes[index] = change(file.Nodes[index]);
    }
}
