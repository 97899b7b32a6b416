using CsCheck;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class SemanticEntropyTests
{
    [Theory]
    [InlineData("a1", "a2", "a3", "a4", 1)] // one meaning
    [InlineData("a1", "b1", "c1", "d1", 0)] // four meanings
    [InlineData("a1", "a2", "b1", "b2", 0.5)] // ln 2 / ln 4
    [InlineData("a1", "a2", "a3", "b1", 0.59436093777)] // 1 − (−¾ ln ¾ − ¼ ln ¼) / ln 4
    [InlineData("a1", "a1", "a1", "", 0.59436093777)] // silence means what no other means
    public async Task Discrete_FourAnswers_IsAsComputedByHand(string answer, string first, string second, string third, double expected)
    {
        var scorer = Confidence.SemanticEntropy(new Meanings(), samples: 3);

        var score = await scorer.ScoreAsync(Context(answer, null, "Which?", first, second, third));

        Assert.Equal(expected, score.Value!.Value, 1e-9);
        Assert.Equal("semantic_entropy.discrete", score.Scorer);
    }

    [Fact]
    public async Task Likelihood_ThreeAnswers_IsAsComputedByHand()
    {
        // Length-normalised: √(0.9 · 0.4) = 0.6, 0.3 and 0.1; meanings a: 0.6 + 0.1 = 0.7 of 1, b: 0.3
        var context = ContextWith(
            "a 1", [Token("a", 0.9), Token(" 1", 0.4)], [Sample("b1", Token("b1", 0.3)), Sample("a2", Token("a2", 0.1))]);
        var model = new Meanings(p => p.Premise.Contains(" a", StringComparison.Ordinal) == p.Claim.Contains(" a", StringComparison.Ordinal) ? new(1, 0, 0) : new(0, 1, 0));
        var expected = 1 - ((-(0.7 * Math.Log(0.7)) - (0.3 * Math.Log(0.3))) / Math.Log(3));

        var score = await Confidence.SemanticEntropy(model, 2, SemanticWeighting.Likelihood).ScoreAsync(context);

        Assert.Equal(expected, score.Value!.Value, 1e-9);
        Assert.Equal("2 meanings among 3 answers.", score.Explanation);
    }

    [Fact]
    public async Task Likelihood_SampleWithoutAnAnswer_WeighsAsMuchAsTheOthersOnAverage()
    {
        var context = ContextWith("a", [Token("a", 0.4)], [Sample("a1", Token("a1", 0.2)), Sample("")]);

        // weights 0.4 + 0.2 against 0.3
        var expected = 1 - ((-(2.0 / 3 * Math.Log(2.0 / 3)) - (1.0 / 3 * Math.Log(1.0 / 3))) / Math.Log(3));
        Assert.Equal(expected, (await Confidence.SemanticEntropy(new Meanings(), 2, SemanticWeighting.Likelihood).Score(context))!.Value, 1e-9);
    }

    [Fact]
    public async Task Likelihood_WithoutLogProbabilities_IsUnavailable()
    {
        var scorer = Confidence.SemanticEntropy(new Meanings(), 1, SemanticWeighting.Likelihood);
        TokenLogProbability[] tokens = [Token("a", 0.5)];

        Assert.Null(await scorer.Score(ContextWith("a", null, [Sample("a", tokens)])));
        var score = await scorer.ScoreAsync(ContextWith("a", tokens, [Sample("a")]));
        Assert.Null(score.Value);
        Assert.Contains("sample", score.Explanation, StringComparison.Ordinal);
        Assert.Null(await scorer.Score(ContextWith("a", tokens, [Sample("b", tokens)]))); // tokens of another text
    }

    [Fact]
    public async Task Clusters_OneDirectionOfEntailment_IsNotTheSameMeaning()
    {
        // "Paris" entails "France", not the other way round.
        var model = new Meanings(p => p.Premise.EndsWith("Paris", StringComparison.Ordinal) ? new(0.9, 0.1, 0) : new(0.2, 0.8, 0));

        Assert.Equal(0, await Confidence.SemanticEntropy(model, 1).Score(Context("In Paris", null, "Where?", "In France")));
    }

    [Fact]
    public async Task Clusters_EntailmentThatIsNotTheMostProbable_IsNone()
    {
        var model = new Meanings(_ => new(0.4, 0.2, 0.4));

        Assert.Equal(0, await Confidence.SemanticEntropy(model, 1).Score(Context("a", null, "", "b")));
    }

    [Fact]
    public async Task Clusters_EqualTexts_AreNotAskedAbout()
    {
        var model = new Meanings();

        Assert.Equal(1, await Confidence.SemanticEntropy(model, 3).Score(Context("a", null, "", "a", "a", "a")));
        Assert.Equal(0, model.Pairs);
    }

    [Fact]
    public void Discrete_AnyMeanings_EqualsTheOracleWithinItsBoundsInAnyOrder() =>
        Gen.Int[0, 4].Array[2, 9].Sample(meanings =>
        {
            double Score(int[] m) => Confidence.SemanticEntropy(new Meanings(), m.Length - 1)
                .Score(Context(Text(m[0], 0), null, "", [.. m.Skip(1).Select((x, i) => Text(x, i + 1))])).Result!.Value;
            string Text(int meaning, int index) => $"{(char)('a' + meaning)}{index}";

            var n = meanings.Length;
            var shares = meanings.GroupBy(m => m).Select(g => (double)g.Count() / n).ToArray();
            var entropy = Math.Log(n) * (1 - Score(meanings));
            return Math.Abs(entropy + shares.Sum(p => p * Math.Log(p))) < 1e-9
                && entropy >= -1e-9
                && entropy <= Math.Log(shares.Length) + 1e-9 // the most that so many meanings can have
                && Math.Abs(Score(meanings) - Score([.. meanings.Reverse()])) < 1e-9;
        });

    [Fact]
    public void Likelihood_AnyWeights_EqualsTheOracleAndTheDiscreteOneWhereTheyAreEqual() =>
        Gen.Select(Gen.Int[0, 3], Gen.Double[0.01, 1]).Array[2, 8].Sample(answers =>
        {
            double Score((int Meaning, double Weight)[] a, SemanticWeighting weighting)
            {
                string Text(int i) => $"{(char)('a' + a[i].Meaning)}{i}";
                return Confidence.SemanticEntropy(new Meanings(), a.Length - 1, weighting).Score(ContextWith(
                    Text(0),
                    [Token(Text(0), a[0].Weight)],
                    [.. Enumerable.Range(1, a.Length - 1).Select(i => Sample(Text(i), Token(Text(i), a[i].Weight)))])).Result!.Value;
            }

            var total = answers.Sum(a => a.Item2);
            var expected = answers.GroupBy(a => a.Item1).Select(g => g.Sum(a => a.Item2) / total).Sum(p => -p * Math.Log(p)) / Math.Log(answers.Length);
            var even = Array.ConvertAll(answers, a => (a.Item1, 0.5));
            return Math.Abs(Score(answers, SemanticWeighting.Likelihood) - (1 - expected)) < 1e-9
                && Math.Abs(Score(even, SemanticWeighting.Likelihood) - Score(even, SemanticWeighting.Discrete)) < 1e-9;
        });

    [Fact]
    public void Clusters_AnyRelation_AreAsAPlainGreedySearchFindsThem() =>
        Gen.Select(Gen.Int[1, 7], Gen.Bool.Array[49]).Sample((n, entails) =>
        {
            var model = new Meanings(p => entails[(Index(p.Premise) * 7) + Index(p.Claim)] ? new(1, 0, 0) : new(0, 0, 1));
            var clusters = SemanticClusters.FindAsync(model, "", [.. Enumerable.Range(0, n).Select(i => $"t{i}")], CancellationToken.None).AsTask().Result;

            var first = new List<int>();
            var expected = new int[n];
            for (var i = 0; i < n; i++)
            {
                var found = first.FindIndex(f => entails[(f * 7) + i] && entails[(i * 7) + f]);
                expected[i] = found < 0 ? first.Count : found;
                if (found < 0)
                {
                    first.Add(i);
                }
            }

            return clusters.SequenceEqual(expected) && model.Pairs <= SemanticClusters.EntailmentPairs(n);

            static int Index(string text) => text[1] - '0';
        });

    [Fact]
    public void SemanticEntropy_BadArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.SemanticEntropy(new Meanings(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.SemanticEntropy(new Meanings(), 5, (SemanticWeighting)2));
        Assert.Throws<ArgumentNullException>(() => Confidence.SemanticEntropy(null!));
    }
}
