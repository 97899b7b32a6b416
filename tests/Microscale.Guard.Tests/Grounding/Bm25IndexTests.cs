using CsCheck;

namespace Microscale.Guard.Tests.Grounding;

public class Bm25IndexTests
{
    private static readonly Gen<string[]> Terms = Gen.OneOf("a", "b", "c", "d", "e", "f").Array[0, 8];

    [Fact]
    public void Search_AnyCorpus_AgreesWithTheFormulaAppliedToEachPassage() =>
        Gen.Select(Terms.Array[1, 12], Terms, Gen.Double[0, 3], Gen.Double[0, 1], Gen.Int[1, 6]).Sample((passages, query, k1, b, limit) =>
        {
            var index = new Bm25Index(passages, k1, b);

            var hits = index.Search(query, limit);

            var expected = passages
                .Select((p, i) => (Passage: i, Score: Score(passages, p, query, k1, b)))
                .Where(e => e.Score > 0)
                .OrderByDescending(e => e.Score)
                .ToList();
            Assert.Equal(Math.Min(limit, expected.Count), hits.Count);
            for (var i = 0; i < hits.Count; i++)
            {
                Assert.Equal(expected[i].Score, hits[i].Score, 1e-4);
                Assert.Equal(Score(passages, passages[hits[i].Passage], query, k1, b), hits[i].Score, 1e-4);
            }

            Assert.Distinct(hits.Select(h => h.Passage));
        });

    [Fact]
    public void Search_TwoPassages_HasTheScoreComputedByHand()
    {
        var index = new Bm25Index([["fox", "fox", "hen"], ["hen"]], k1: 1.2, b: 0.75);

        var hit = Assert.Single(index.Search(["fox"], 5));

        // idf = ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) = ln 2; average length 2; tf = 2 · 2.2 / (2 + 1.2 · (0.25 + 0.75 · 3/2)) = 4.4 / 3.65.
        Assert.Equal(0, hit.Passage);
        Assert.Equal(0.693147 * 4.4 / 3.65, hit.Score, 1e-5);
    }

    [Fact]
    public void Search_Ties_GoToTheEarlierPassage()
    {
        var index = new Bm25Index([["x"], ["fox"], ["fox"], ["fox"]], 1.2, 0.75);

        Assert.Equal([1, 2], index.Search(["fox"], 2).Select(h => h.Passage));
    }

    [Fact]
    public void Coverage_OfAQuery_IsTheHeldShareOfItsRarity()
    {
        var index = new Bm25Index([["fox", "hen"], ["hen"], ["hen", "owl"]], 1.2, 0.75);
        double rare = Math.Log(1 + (2.5 / 1.5)), common = Math.Log(1 + (0.5 / 3.5)), absent = Math.Log(1 + (3.5 / 0.5));

        Assert.Equal((rare + common) / (rare + common + absent), index.Coverage(["fox", "hen", "cat", "fox"], 0), 1e-12);
        Assert.Equal(common / (rare + common + absent), index.Coverage(["fox", "hen", "cat"], 2), 1e-12);
        Assert.Equal(1, index.Coverage(["owl"], 2), 1e-12);
        Assert.Equal(0, index.Coverage(["cat"], 1));
        Assert.Equal(0, index.Coverage([], 1));
    }

    [Fact]
    public void Search_NoPassages_FindsNothing() => Assert.Empty(new Bm25Index([], 1.2, 0.75).Search(["fox"], 5));

    /// <summary>The formula, read off the paper, with no index.</summary>
    private static double Score(string[][] passages, string[] passage, string[] query, double k1, double b)
    {
        var average = Math.Max(1, passages.Average(p => p.Length));
        return query.Distinct().Sum(term =>
        {
            double n = passages.Count(p => p.Contains(term));
            double tf = passage.Count(t => t == term);
            var idf = Math.Log(1 + ((passages.Length - n + 0.5) / (n + 0.5)));
            return tf == 0 ? 0 : idf * tf * (k1 + 1) / (tf + (k1 * (1 - b + (b * passage.Length / average))));
        });
    }
}
