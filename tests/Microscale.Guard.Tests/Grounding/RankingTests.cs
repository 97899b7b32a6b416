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
}
