using System.Numerics.Tensors;
using Microscale.Guard.Onnx.Tests.Models;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Embeddings;

public sealed class OnnxEmbeddingGeneratorTests(OnnxEmbeddingGeneratorTests.Loaded loaded) : IClassFixture<OnnxEmbeddingGeneratorTests.Loaded>
{
    private OnnxEmbeddingGenerator Generator => loaded.Generator;

    public sealed record Golden(string Text, int[] Ids, float[] EmbeddingHead, double CosineToFirst);

    [Fact]
    public void Encode_GoldenTexts_GivesGoldenIds() =>
        Assert.All(loaded.Rows, row => Assert.Equal(row.Ids, Generator.Encode(row.Text)));

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task GenerateAsync_GoldenTexts_GivesGoldenEmbeddings(int batchSize)
    {
        using var generator = new OnnxEmbeddingGenerator(loaded.Folder, new OnnxEncoderOptions { BatchSize = batchSize });

        var embeddings = await generator.GenerateAsync(loaded.Rows.Select(r => r.Text));

        Assert.Equal(loaded.Rows.Count, embeddings.Count);
        for (var i = 0; i < embeddings.Count; i++)
        {
            var (row, vector) = (loaded.Rows[i], embeddings[i].Vector);
            Assert.Equal(384, vector.Length);
            Assert.Equal(1, TensorPrimitives.Norm(vector.Span), 1e-4);
            Assert.True(TensorPrimitives.Distance(vector.Span[..row.EmbeddingHead.Length], row.EmbeddingHead) < 0.01, row.Text);
            Assert.Equal(row.CosineToFirst, TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, vector.Span), 0.01);
        }
    }

    [Fact]
    public async Task GenerateAsync_SeveralTexts_TellsModelAndUsage()
    {
        var embeddings = await Generator.GenerateAsync(loaded.Rows.Select(r => r.Text));

        Assert.All(embeddings, e => Assert.Equal(LocalModels.EmbeddingModel, e.ModelId));
        Assert.Equal(loaded.Rows.Sum(r => r.Ids.Length), embeddings.Usage!.InputTokenCount);
        Assert.Equal(loaded.Rows.Sum(r => r.Ids.Length), embeddings.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_NoTexts_GivesNone()
    {
        var embeddings = await Generator.GenerateAsync([]);

        Assert.Empty(embeddings);
        Assert.Equal(0, embeddings.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_LongText_IsReadUpTo256Tokens()
    {
        var text = string.Concat(Enumerable.Repeat("the brown fox ", 200));
        var cut = string.Concat(Enumerable.Repeat("the brown fox ", 85))[..^11];

        var embeddings = await Generator.GenerateAsync([text, text + "and something else", cut]);

        Assert.Equal(256, Generator.Encode(text).Length);
        Assert.Equal(256 + 256 + 2 + (84 * 3) + 1, embeddings.Usage!.InputTokenCount);
        Assert.Equal(embeddings[0].Vector.ToArray(), embeddings[1].Vector.ToArray());
    }

    [Fact]
    public async Task GenerateAsync_ManyCallersAtOnce_GetTheirOwn()
    {
        var texts = loaded.Rows.Select(r => r.Text).ToArray();
        var expected = await Generator.GenerateAsync(texts);

        await Parallel.ForAsync(0, 24, async (i, token) =>
        {
            var index = i % texts.Length;
            var embedding = (await Generator.GenerateAsync([texts[index]], cancellationToken: token))[0];
            Assert.True(TensorPrimitives.CosineSimilarity(expected[index].Vector.Span, embedding.Vector.Span) > 0.999f, texts[index]);
        });
    }

    [Fact]
    public async Task GenerateAsync_BadInput_NamesTheRemedy()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Generator.GenerateAsync(["a", null!]));
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => Generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 128 }));
        Assert.Contains("Dimensions is 128", exception.Message, StringComparison.Ordinal);
        Assert.Contains("384", exception.Message, StringComparison.Ordinal);
        Assert.Single(await Generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 384 }));
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_NamesTheSetting()
    {
        Assert.Contains("BatchSize", Throws(new OnnxEncoderOptions { BatchSize = 0 }), StringComparison.Ordinal);
        Assert.Contains("ThreadCount", Throws(new OnnxEncoderOptions { ThreadCount = -1 }), StringComparison.Ordinal);
        Assert.Contains("ThreadCount", Throws(new OnnxEncoderOptions { ThreadCount = 100_000 }), StringComparison.Ordinal);

        string Throws(OnnxEncoderOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxEmbeddingGenerator(loaded.Folder, options)).Message;
    }

    [Fact]
    public void GetService_Metadata_DescribesTheModel()
    {
        var metadata = Generator.GetRequiredService<EmbeddingGeneratorMetadata>();

        Assert.Equal(LocalModels.EmbeddingModel, metadata.DefaultModelId);
        Assert.Equal(384, metadata.DefaultModelDimensions);
        Assert.Same(Generator, Generator.GetService(typeof(OnnxEmbeddingGenerator)));
        Assert.Same(Generator, Generator.GetService(typeof(IEmbeddingGenerator)));
        Assert.Null(Generator.GetService(typeof(EmbeddingGeneratorMetadata), "key"));
        Assert.Null(Generator.GetService(typeof(string)));
    }

    [Fact]
    public async Task GenerateAsync_Cancelled_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Generator.GenerateAsync(["a"], cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public async Task Dispose_WhileCallersWork_LetsThemEndAndRefusesLaterOnes()
    {
        var generator = new OnnxEmbeddingGenerator(loaded.Folder, new OnnxEncoderOptions { BatchSize = 1 });
        var texts = loaded.Rows.Select(r => r.Text).ToArray();
        await generator.GenerateAsync(["warm"]);

        var running = Enumerable.Range(0, 4).Select(_ => generator.GenerateAsync(texts)).ToArray();
        generator.Dispose();
        generator.Dispose();

        foreach (var task in running)
        {
            var fault = await Record.ExceptionAsync(() => task);
            Assert.True(fault is null or ObjectDisposedException, fault?.ToString());
        }

        var later = await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["a"]));
        Assert.Contains(nameof(OnnxEmbeddingGenerator), later.Message, StringComparison.Ordinal);
    }

    public sealed class Loaded : IDisposable
    {
        public Loaded()
        {
            Folder = TestModels.Embedding;
            Generator = new OnnxEmbeddingGenerator(Folder);
            Rows = TestModels.ReadGolden<Golden>(Folder, "golden.jsonl");
        }

        public ModelFolder Folder { get; }

        public OnnxEmbeddingGenerator Generator { get; }

        public IReadOnlyList<Golden> Rows { get; }

        public void Dispose() => Generator.Dispose();
    }
}
