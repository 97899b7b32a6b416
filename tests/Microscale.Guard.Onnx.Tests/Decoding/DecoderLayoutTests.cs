using System.Text;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>Every layout computes what plain arithmetic does over all tokens anew, whatever is cached, copied or cut short.</summary>
public sealed class DecoderLayoutTests : IDisposable
{
    private static readonly int[] s_tokens = [5, 300, 17, 42, 42, 8, 250, 99, 3, 120, 77, 6];

    private static readonly TinyLayout[] s_layouts =
    [
        new("optimum") { HasPositions = true },
        new("optimum, positions counted") { },
        new("optimum, biases, several logits") { HasPositions = true, HasLogitsToKeep = true, HasBias = true },
        new("optimum, merged") { HasPositions = true, HasUseCache = true },
        new("optimum, half precision") { HasPositions = true, IsHalf = true },
        new("optimum, int32, other names") { HasInt32Ids = true, PastKey = "past.%d.key" },
        new("genai") { IsGroupQuery = true, HasGenAiConfig = true },
        new("genai, own names") { IsGroupQuery = true, HasGenAiConfig = true, PastKey = "cache_in.%d.key", PresentKey = "cache_out.%d.key" },
        new("genai, last logits only") { IsGroupQuery = true, HasGenAiConfig = true, PrunesHead = true },
        new("shared buffer") { IsGroupQuery = true, HasLogitsToKeep = true, HasBias = true },
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Layouts => [.. s_layouts.Select(l => l.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Read_PromptThenSteps_HasTheLogitsOfPlainArithmetic(string name)
    {
        var (layout, expected) = Prepare(name, s_tokens);
        using var model = Load(layout);
        using var batch = model.CreateBatch();
        batch.AddRow();

        AssertClose(layout, expected[6], batch.Read(0, s_tokens.AsSpan(0, 7)));
        AssertClose(layout, expected[8], batch.Read(0, s_tokens.AsSpan(7, 2)));
        for (var i = 9; i < s_tokens.Length; i++)
        {
            batch.Step([s_tokens[i]]);
            AssertClose(layout, expected[i], batch.Logits(0));
        }

        Assert.Equal(s_tokens.Length, batch.Length(0));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void ReadAll_AfterAPrompt_HasTheLogitsOfEachToken(string name)
    {
        var (layout, expected) = Prepare(name, s_tokens);
        using var model = Load(layout);
        using var batch = model.CreateBatch();
        batch.AddRow();
        batch.Read(0, s_tokens.AsSpan(0, 4));

        var all = batch.ReadAll(0, s_tokens.AsSpan(4));

        for (var i = 4; i < s_tokens.Length; i++)
        {
            AssertClose(layout, expected[i], all.Slice((i - 4) * TinyDecoder.Vocabulary, TinyDecoder.Vocabulary));
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Step_RowsOfSeveralLengths_EachIsAsIfAlone(string name)
    {
        var (layout, first) = Prepare(name, s_tokens);
        int[] other = [9, 8, 7, 200];
        var second = TinyDecoder.Of(layout).Compute(other);
        using var model = Load(layout);
        using var batch = model.CreateBatch();
        batch.AddRow();
        batch.AddRow();
        batch.Read(0, s_tokens.AsSpan(0, 8));
        batch.Read(1, other.AsSpan(0, 2));

        batch.Step([s_tokens[8], other[2]]);

        AssertClose(layout, first[8], batch.Logits(0));
        AssertClose(layout, second[2], batch.Logits(1));

        batch.SwapRows(0, 1);
        batch.Step([other[3], s_tokens[9]]);

        AssertClose(layout, second[3], batch.Logits(0));
        AssertClose(layout, first[9], batch.Logits(1));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Rows_CopiedCutShortAndRestored_GoOnAsIfTheyHadReadItAll(string name)
    {
        var (layout, expected) = Prepare(name, s_tokens);
        using var model = Load(layout);
        using var batch = model.CreateBatch();
        batch.AddRow();
        batch.Read(0, s_tokens.AsSpan(0, 8));
        batch.AddRow();

        batch.CopyRow(0, 1);
        batch.Truncate(1, 5);
        AssertClose(layout, expected[7], batch.Read(1, s_tokens.AsSpan(5, 3)));

        var block = new float[8 * batch.KeyValuesPerToken];
        batch.Export(0, 0, 3, block, 0);
        batch.Export(0, 3, 4, block, 3);
        batch.RemoveLastRow();
        batch.AddRow();
        batch.Import(1, block, 6);
        Assert.Equal(6, batch.Length(1));
        AssertClose(layout, expected[9], batch.Read(1, s_tokens.AsSpan(6, 4)));
        AssertClose(layout, expected[9], batch.Read(0, s_tokens.AsSpan(8, 2)));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task GetResponseAsync_Folder_AnswersAsPlainArithmetic(string name)
    {
        var layout = s_layouts.Single(l => l.Name == name);
        using var client = new OnnxChatClient(TinyDecoder.Write(_folder, layout));
        var tokenizer = ChatTokenizer.Load(ModelFolder.Open(_folder.Path, verifyChecksums: false));
        var tokens = tokenizer.Encode("the quick dog").ToList();
        var prompt = tokens.Count;
        for (var i = 0; i < 6; i++)
        {
            var logits = TinyDecoder.Of(layout).Compute(tokens)[^1];
            tokens.Add(Array.IndexOf(logits, logits.Max()));
            Assert.False(tokenizer.Bytes.IsSpecial(tokens[^1]), "Choose weights that answer with text.");
        }

        var response = await client.GetResponseAsync("the quick dog", new() { MaxOutputTokens = 6 });

        Assert.Equal(Encoding.UTF8.GetString([.. tokens.Skip(prompt).SelectMany(t => tokenizer.Bytes[t].ToArray())]), response.Text);
        Assert.Equal(prompt, response.Usage!.InputTokenCount);
        Assert.Equal(0, client.Statistics.DirectDecodeSteps);
        using var second = new OnnxChatClient(ModelFolder.Open(_folder.Path, verifyChecksums: false));
        await second.LoadAsync();
        Assert.NotNull(client.Statistics.DirectStepsFault);
        Assert.Equal(client.Statistics.DirectStepsFault, second.Statistics.DirectStepsFault);
    }

    [Fact]
    public void Load_SeveralLayouts_OnlyOneSharesBuffers() => Assert.Equal(
        ["shared buffer"],
        s_layouts.Where(l =>
        {
            using var folder = new TemporaryFolder();
            using var model = new DecoderModel(TinyDecoder.Write(folder, l), null, allowSpinning: false);
            model.Load();
            return model.Layout.SharesBuffer;
        }).Select(l => l.Name));

    [Fact]
    public void Load_GenAiConfig_HasShapesAndSeveralEndTokens()
    {
        using var model = Load(s_layouts.Single(l => l.Name == "genai"));

        Assert.Equal([TinyDecoder.EndToken, TinyDecoder.EndToken + 1], model.Config.EndTokens);
        Assert.Equal((TinyDecoder.Layers, TinyDecoder.KeyValueHeads, TinyDecoder.HeadSize), (model.Config.Layers, model.Config.KeyValueHeads, model.Config.HeadSize));
    }

    [Fact]
    public void Load_GraphThatDoesNotFitTheConfiguration_SaysHow()
    {
        TinyDecoder.Write(_folder, s_layouts[0]);
        var config = File.ReadAllText(Path.Combine(_folder.Path, "config.json"));

        _folder.Write("config.json", config.Replace("\"num_hidden_layers\":2", "\"num_hidden_layers\":3", StringComparison.Ordinal));

        Assert.Contains("2 layers, and the configuration says 3", Refuse(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pixel_values", "[pixel_values] are unknown")]
    [InlineData("inputs_embeds", "'inputs_embeds'")]
    public void Load_UnknownInput_IsNamedWithTheRemedy(string input, string message)
    {
        TinyDecoder.Write(_folder, s_layouts[0]);
        var graph = new OnnxGraph();
        graph.Input("input_ids", OnnxGraph.Int64, 1, "n");
        graph.Input(input, OnnxGraph.Float, 1, "n");
        foreach (var part in (string[])["0.key", "0.value", "1.key", "1.value"])
        {
            graph.Input($"past_key_values.{part}", OnnxGraph.Float, 1, 2, "p", 8);
            graph.Rename($"past_key_values.{part}", $"present.{part}");
            graph.Output($"present.{part}", OnnxGraph.Float, 1, 2, "p", 8);
        }

        graph.Rename(input, "logits");
        graph.Output("logits", OnnxGraph.Float, 1, "n");
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), graph.ToModel());

        var exception = Refuse();

        Assert.Contains(message, exception, StringComparison.Ordinal);
        Assert.Contains("export", exception, StringComparison.Ordinal);
    }

    private string Refuse()
    {
        using var client = new OnnxChatClient(ModelFolder.Open(_folder.Path, verifyChecksums: false));
        var exception = Assert.Throws<ModelFolderException>(() => client.LoadAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult());
        Assert.Equal(["model.onnx"], exception.WrongFiles);
        return exception.Message;
    }

    private static (TinyLayout Layout, List<float[]> Expected) Prepare(string name, int[] tokens)
    {
        var layout = s_layouts.Single(l => l.Name == name);
        return (layout, TinyDecoder.Of(layout).Compute(tokens));
    }

    private DecoderModel Load(TinyLayout layout) => new(TinyDecoder.Write(_folder, layout), null, allowSpinning: false);

    private static void AssertClose(TinyLayout layout, float[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = layout.IsHalf ? 0.01f : 1e-4f;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
