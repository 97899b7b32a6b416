using Microscale.Guard.Onnx.Tests.Chat;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

/// <summary>Steps without the runtime against those of the runtime, with the real weights.</summary>
public sealed class DirectStepTests(ChatDecoder decoder) : IClassFixture<ChatDecoder>
{
    private readonly int[] _tokens = [.. Enumerable.Range(0, 560).Select(i => 100 + (i * 37 % 40_000))];

    [Fact]
    public void Load_ChatModel_KnowsItsGraph()
    {
        Assert.Null(decoder.Model.DirectFault);
        using var batch = NewBatch(decoder.Model);
        Assert.True(batch.StepsDirectly);

        using var otherwise = ChatDecoder.Load(directSteps: false);
        using var plain = NewBatch(otherwise);
        Assert.False(plain.StepsDirectly);
    }

    /// <summary>Both round, at other places; layers with 8-bit activations make that hundredths. A fault of arithmetic would be
    /// worth much more.</summary>
    [Fact]
    public void Step_ThroughGoldenTokens_IsCloseToTheRuntime()
    {
        using var runtime = ChatDecoder.Load(directSteps: false);
        var reader = new LogProbabilityReader(ChatTokenizer.Load(TestModels.Chat).Bytes);
        var differences = new List<double>();
        foreach (var golden in Golden.Answers)
        {
            using var direct = NewBatch(decoder.Model);
            using var other = NewBatch(runtime);
            direct.Read(0, golden.PromptIds);
            other.Read(0, golden.PromptIds);
            foreach (var token in golden.GreedyIds)
            {
                direct.Step([token]);
                other.Step([token]);
                differences.Add(Math.Abs(reader.Read(direct.Logits(0), token, 0).LogProbability - reader.Read(other.Logits(0), token, 0).LogProbability));
            }
        }

        Assert.True(differences.Average() < 0.05, $"{differences.Average()}");
    }

    [Fact]
    public void Step_LongContext_IsCloseToReadingItAtOnce()
    {
        using var stepped = NewBatch(decoder.Model);
        using var read = NewBatch(decoder.Model);
        Read(stepped, 0, _tokens.AsSpan(0, 380));
        Read(read, 0, _tokens.AsSpan(0, 380));

        // Across the bounds of the third part of the context, and into a larger slab.
        for (var i = 380; i < 520; i++)
        {
            stepped.Step([_tokens[i]]);
        }

        Read(read, 0, _tokens.AsSpan(380, 140));

        var (a, b) = (stepped.Logits(0).ToArray(), read.Logits(0).ToArray());
        var difference = a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
        var spread = a.Average(x => Math.Abs(x - a.Average()));
        Assert.True(difference < 0.05 * spread, $"{difference} of {spread}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Step_RowsBesideEachOther_GetTheBitsThatEachGetsAlone(int rows)
    {
        using var together = NewBatch(decoder.Model, rows);
        for (var row = 0; row < rows; row++)
        {
            Read(together, row, _tokens.AsSpan(row * 20, 10 + (row * 35)));
        }

        together.Step([.. Enumerable.Range(0, rows).Select(row => 7 + row)]);
        together.Step([.. Enumerable.Range(0, rows).Select(row => 70 + row)]);

        for (var row = 0; row < rows; row += 2)
        {
            using var alone = NewBatch(decoder.Model);
            Read(alone, 0, _tokens.AsSpan(row * 20, 10 + (row * 35)));
            alone.Step([7 + row]);
            alone.Step([70 + row]);
            Assert.Equal(alone.Logits(0), together.Logits(row));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void Run_OtherThreads_GiveTheSameBits(int threads, bool spins)
    {
        using var batch = NewBatch(decoder.Model);
        Read(batch, 0, _tokens.AsSpan(0, 150));
        batch.Step([7]);
        var expected = batch.Logits(0).ToArray();

        using var slab = new KeyValueSlab(decoder.Model.Config, 1, 512);
        var block = new float[160 * batch.KeyValuesPerToken];
        batch.Truncate(0, 150);
        batch.Export(0, 0, 150, block, 0);
        for (var head = 0; head < slab.Tensors * slab.Heads; head++)
        {
            block.AsSpan(head * 160 * 64, 150 * 64).CopyTo(slab.Head(head / slab.Heads, 0, head % slab.Heads));
        }

        using var step = new DirectStep(decoder.Model.DirectWeights!, threads, spins);
        var logits = new float[batch.VocabularySize];
        step.Run([7], slab, [150], logits);
        step.Run([7], slab, [150], logits);

        Assert.Equal(expected, logits);
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Run([batch.VocabularySize], slab, [150], logits));
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Run([7, 8], slab, [150, 150], logits));
    }

    private static void Read(SharedBufferBatch batch, int row, ReadOnlySpan<int> tokens)
    {
        for (; !tokens.IsEmpty; tokens = tokens[Math.Min(100, tokens.Length)..])
        {
            batch.Read(row, tokens[..Math.Min(100, tokens.Length)]);
        }
    }

    private static SharedBufferBatch NewBatch(DecoderModel model, int rows = 1)
    {
        var batch = new SharedBufferBatch(model);
        for (var row = 0; row < rows; row++)
        {
            batch.AddRow();
        }

        return batch;
    }
}
