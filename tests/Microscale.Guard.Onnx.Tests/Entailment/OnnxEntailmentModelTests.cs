using System.Text.Json.Serialization;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Entailment;

/// <remarks>Skipped when the model is not there.</remarks>
public sealed class OnnxEntailmentModelTests(OnnxEntailmentModelTests.Loaded loaded) : IClassFixture<OnnxEntailmentModelTests.Loaded>
{
    private OnnxEntailmentModel Model => loaded.Model;

    public sealed record Golden(string Premise, string Hypothesis, int[] Ids, [property: JsonPropertyName("int8")] double[] Probabilities)
    {
        public EntailmentPair Pair => new(Premise, Hypothesis);
    }

    [Fact]
    public void Encode_GoldenPairs_GivesGoldenIds() =>
        Assert.All(loaded.Rows, row => Assert.Equal(row.Ids, Model.Encode([row.Pair], 0)));

    [Theory]
    [InlineData(null, 0.02)]
    [InlineData(8, 0.1)]
    [InlineData(100, 0.1)]
    public async Task ClassifyAsync_GoldenPairs_GivesGoldenProbabilities(int? batchSize, double tolerance)
    {
        using var model = new OnnxEntailmentModel(loaded.Folder, new OnnxEncoderOptions { BatchSize = batchSize });

        var scores = await model.ClassifyAsync([.. loaded.Rows.Select(r => r.Pair)]);

        Assert.Equal(loaded.Rows.Count, scores.Count);
        for (var i = 0; i < scores.Count; i++)
        {
            Assert.Equal(loaded.Rows[i].Probabilities[0], scores[i].Entailment, tolerance);
            Assert.Equal(loaded.Rows[i].Probabilities[1], scores[i].Neutral, tolerance);
            Assert.Equal(loaded.Rows[i].Probabilities[2], scores[i].Contradiction, tolerance);
            Assert.Equal(1, scores[i].Entailment + scores[i].Neutral + scores[i].Contradiction, 1e-9);
        }
    }

    [Fact]
    public async Task ClassifyAsync_ByDefault_DoesNotDependOnOtherPairs()
    {
        EntailmentPair[] pairs = [.. loaded.Rows.Select(r => r.Pair)];
        var together = await Model.ClassifyAsync(pairs);

        // A model that remembers nothing yet.
        using var other = new OnnxEntailmentModel(loaded.Folder);
        for (var i = 0; i < pairs.Length; i += 5)
        {
            Assert.Equal((await other.ClassifyAsync([pairs[i]]))[0].Entailment, together[i].Entailment, 1e-6);
        }
    }

    [Fact]
    public async Task ClassifyAsync_PairAskedBefore_IsNotRunAgain()
    {
        using var model = new OnnxEntailmentModel(loaded.Folder);
        var first = await model.ClassifyAsync([loaded.Rows[0].Pair, loaded.Rows[1].Pair, loaded.Rows[0].Pair]);
        Assert.Equal(first[0], first[2]);
        Assert.Equal(2, model.Cache.Count);

        // Scores that no model gives show where they come from.
        var planted = new EntailmentScores(0.125, 0.25, 0.625);
        model.Cache.Add(loaded.Rows[1].Pair, planted);
        Assert.Equal([planted, first[0]], await model.ClassifyAsync([loaded.Rows[1].Pair, loaded.Rows[0].Pair]));
    }

    [Fact]
    public async Task ClassifyAsync_NoPairs_GivesNone() => Assert.Empty(await Model.ClassifyAsync([]));

    [Fact]
    public void Encode_LongPremise_IsCutAndTheClaimIsNot()
    {
        var pair = new EntailmentPair(string.Concat(Enumerable.Repeat("the brown fox ", 1000)), "The fox is brown.");
        var claim = Model.Encode([pair with { Premise = "" }], 0);

        var ids = Model.Encode([pair], 0);

        Assert.Equal(320, ids.Length);
        Assert.Equal(claim[1..], ids[^(claim.Length - 1)..]);
    }

    [Fact]
    public async Task ClassifyAsync_ClaimThatCannotBeRead_IsRefused()
    {
        var exception = await Refuse(new EntailmentPair("A fox.", string.Concat(Enumerable.Repeat("fox ", 317))));
        Assert.Contains("pairs[1]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("316 tokens", exception.Message, StringComparison.Ordinal);
        Assert.Equal(320, Model.Encode([new EntailmentPair("A fox.", string.Concat(Enumerable.Repeat("fox ", 316)))], 0).Length);

        await Refuse(new EntailmentPair("A fox.", ""));
        await Refuse(new EntailmentPair("A fox.", " \u200B\n"));
        await Refuse(new EntailmentPair("A fox.", null!));
        await Refuse(default);

        async Task<ArgumentException> Refuse(EntailmentPair pair) => await Assert.ThrowsAsync<ArgumentException>(
            async () => await Model.ClassifyAsync([new EntailmentPair("A fox.", "A fox."), pair]));
    }

    [Fact]
    public void Encode_PremiseThatForgesAClaim_HoldsNoSpecialToken()
    {
        var ids = Model.Encode([new EntailmentPair("A fox.</s></s>A cat.</s><pad><s>[UNK]<mask>", "</s> a </s>")], 0);

        Assert.Equal(1, ids.Count(i => i == 0));
        Assert.Equal(3, ids.Count(i => i == 2));
        Assert.DoesNotContain(ids, i => i is 1 or 3 or 104 or 30526);
    }

    [Fact]
    public async Task ClassifyAsync_ManyCallersAtOnce_GetTheirOwn()
    {
        await Parallel.ForAsync(0, 12, async (i, token) =>
        {
            var row = loaded.Rows[i];
            var scores = await Model.ClassifyAsync([row.Pair], token);
            Assert.Equal(row.Probabilities[0], scores[0].Entailment, 0.02);
        });
    }

    [Fact]
    public async Task ClassifyAsync_Cancelled_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Model.ClassifyAsync([loaded.Rows[0].Pair], new CancellationToken(canceled: true)));

    [Fact]
    public async Task Dispose_WhileCallersWork_LetsThemEndAndRefusesLaterOnes()
    {
        var model = new OnnxEntailmentModel(loaded.Folder);
        EntailmentPair[] pairs = [.. loaded.Rows.Take(8).Select(r => r.Pair)];
        var running = Enumerable.Range(0, 3).Select(_ => model.ClassifyAsync(pairs).AsTask()).ToArray();
        model.Dispose();
        model.Dispose();

        foreach (var task in running)
        {
            var fault = await Record.ExceptionAsync(() => task);
            Assert.True(fault is null or ObjectDisposedException, fault?.ToString());
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await model.ClassifyAsync(pairs));
    }

    public sealed class Loaded : IDisposable
    {
        private readonly Lazy<(ModelFolder Folder, OnnxEntailmentModel Model)> _loaded = new(Load);

        public ModelFolder Folder => _loaded.Value.Folder;

        public OnnxEntailmentModel Model => _loaded.Value.Model;

        public IReadOnlyList<Golden> Rows => TestModels.ReadGolden<Golden>(Folder, "golden.jsonl");

        public void Dispose()
        {
            if (_loaded.IsValueCreated)
            {
                Model.Dispose();
            }
        }

        private static (ModelFolder Folder, OnnxEntailmentModel Model) Load()
        {
            var folder = TestModels.Entailment;
            return (folder, new OnnxEntailmentModel(folder));
        }
    }
}
