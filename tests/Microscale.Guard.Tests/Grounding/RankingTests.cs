using CsCheck;

namespace Microscale.Guard.Tests.Grounding;

public class RankingTests
{
    [Fact]
    public void Fuse_TwoRankings_HasTheScoresComputedByHand()
    {
        var fused = ReciprocalRankFusion.Fuse<string>([(["a", "b", "c"], 1), (["c", "a"], 1)]);

        // a: 1/61 + 1/62, c: 1/63 + 1/61, b: 1/62; all over the most there can be, 2/61.
        Assert.Equal(["a", "c", "b"], fused.Select(f => f.Item));
        Assert.Equal((1 / 61.0 + 1 / 62.0) * 61 / 2, fused[0].Score, 1e-12);
        Assert.Equal((1 / 63.0 + 1 / 61.0) * 61 / 2, fused[1].Score, 1e-12);
        Assert.Equal(1 / 62.0 * 61 / 2, fused[2].Score, 1e-12);
    }

    [Fact]
    public void Fuse_Weights_TurnTheOrder()
    {
        Assert.Equal(["b", "a"], ReciprocalRankFusion.Fuse<string>([(["a", "b"], 0.5), (["b", "a"], 1)]).Select(f => f.Item));
        Assert.Equal(["a", "b"], ReciprocalRankFusion.Fuse<string>([(["a", "b"], 1), (["b", "a"], 0.5)]).Select(f => f.Item));
    }

    [Fact]
    public void Fuse_OneRanking_KeepsItsOrder() =>
        Gen.Int[0, 100].Array.Select(a => a.Distinct().ToArray()).Sample(items =>
            Assert.Equal(items, ReciprocalRankFusion.Fuse<int>([(items, 1)]).Select(f => f.Item)));

    [Fact]
    public void TopHits_AnyScores_AreThoseOfASort() =>
        Gen.Select(Gen.OneOf(Gen.Float[-2, 2], Gen.OneOf(0f, 1f, float.NaN)).Array[0, 40], Gen.Int[1, 10]).Sample((scores, limit) =>
        {
            var expected = scores.Index().Where(e => e.Item > 0).OrderByDescending(e => e.Item).ThenBy(e => e.Index).Take(limit).Select(e => e.Index);

            Assert.Equal(expected, TopHits.Of(scores, limit, above: 0).Select(h => h.Passage));
        });

    [Fact]
    public void Pick_WithDiversity_PutsBackWhatIsLikeABetterOne()
    {
        // The second is nearly the first again; the third is new.
        double[] relevances = [1, 0.9, 0.6];
        static double Similarity(int i, int j) => (i, j) is (0, 1) or (1, 0) ? 0.95 : 0.1;

        Assert.Equal([0, 1], MaximalMarginalRelevance.Pick(relevances, Similarity, 0, 2));

        // 0.5 · 0.9 − 0.5 · 0.95 = −0.025 against 0.5 · 0.6 − 0.5 · 0.1 = 0.25.
        Assert.Equal([0, 2], MaximalMarginalRelevance.Pick(relevances, Similarity, 0.5, 2));
        Assert.Equal([0, 2, 1], MaximalMarginalRelevance.Pick(relevances, Similarity, 0.5, 9));
    }

    [Fact]
    public void Pick_NoDiversity_IsTheOrderOfRelevance() =>
        Gen.Double[0, 1].Array[0, 20].Sample(relevances =>
        {
            double[] sorted = [.. relevances.OrderDescending()];
            Assert.Equal(Enumerable.Range(0, sorted.Length), MaximalMarginalRelevance.Pick(sorted, (_, _) => 1, 0, sorted.Length));
        });

    [Fact]
    public void Multiply_RoundedRows_IsNearTheProduct() =>
        Gen.Int[1, 70].SelectMany(n => Gen.Select(Gen.Float[-1, 1].Array[n], Gen.Float[-1, 1].Array[n], Gen.Float[-1, 1].Array[n])).Sample((x, y, vector) =>
        {
            float[] rows = [.. x, .. y];
            var products = new float[2];

            new QuantizedRows(rows, x.Length).Multiply(vector, products);

            for (var row = 0; row < 2; row++)
            {
                // Each factor is off by at most half a step of its largest magnitude over 127.
                var exact = vector.Select((v, i) => (double)v * rows[(row * x.Length) + i]).Sum();
                Assert.Equal(exact, products[row], x.Length * ((1.0 / 127) + 1e-4));
            }
        });

    [Fact]
    public void Multiply_RowsOfZeros_IsZero()
    {
        var products = new float[] { 1, 1 };

        new QuantizedRows(new float[6], 3).Multiply([1, 2, 3], products);

        Assert.Equal([0, 0], products);
    }
}
