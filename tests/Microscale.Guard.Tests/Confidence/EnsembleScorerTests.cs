using CsCheck;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class EnsembleScorerTests
{
    [Fact]
    public async Task ScoreAsync_WeightedParts_IsTheirWeightedMean()
    {
        var scorer = Confidence.Ensemble(new EnsemblePart(Part(0.2), 3), new EnsemblePart(Part(0.6)));

        var score = await scorer.ScoreAsync(Context("x"));

        Assert.Equal(0.3, score.Value!.Value, 1e-9);
        Assert.Equal([0.2, 0.6], score.Parts.Select(p => p.Value!.Value));
    }

    [Fact]
    public async Task ScoreAsync_RequiredPartUnavailable_IsUnavailable()
    {
        var score = await Confidence.Ensemble(Part(0.9), Part(null, "missing")).ScoreAsync(Context("x"));

        Assert.Null(score.Value);
        Assert.Contains("missing", score.Explanation, StringComparison.Ordinal);
        Assert.Equal(2, score.Parts.Count);
    }

    [Fact]
    public async Task ScoreAsync_OptionalPartUnavailable_IsTheMeanOfTheOthers()
    {
        var scorer = Confidence.Ensemble(new EnsemblePart(Part(0.9), 2), new EnsemblePart(Part(null), 5) { Optional = true }, new EnsemblePart(Part(0.3)));

        Assert.Equal(0.7, (await scorer.Score(Context("x")))!.Value, 1e-9);
    }

    [Theory]
    [InlineData(Misbehaviour.Throws)]
    [InlineData(Misbehaviour.ReturnsNull)]
    [InlineData(Misbehaviour.Lies)]
    public async Task ScoreAsync_OptionalPartFails_Throws(Misbehaviour misbehaviour)
    {
        var failing = new ScriptedScorer(_ => 0.5) { Misbehaviour = misbehaviour };
        var scorer = Confidence.Ensemble(new EnsemblePart(Part(0.9)), new EnsemblePart(failing) { Optional = true });

        await Assert.ThrowsAsync<InvalidOperationException>(() => scorer.Score(Context("x")));
    }

    [Fact]
    public async Task ScoreAsync_TwoPartsThatSample_ShareTheSamples()
    {
        var drawn = 0;
        var context = new ConfidenceContext(Question, "x", null, (count, _) =>
        {
            drawn += count;
            return Task.FromResult<IReadOnlyList<ChatResponse>>(
                [.. Enumerable.Range(0, count).Select(_ => new ChatResponse(new ChatMessage(ChatRole.Assistant, "x")))]);
        });

        var scorer = Confidence.Ensemble(Confidence.Consistency(2), Confidence.Consistency(5), Confidence.Consistency(3));

        Assert.Equal(1, await scorer.Score(context));
        Assert.Equal(5, drawn);
        Assert.Equal(5, scorer.Cost.Samples);
    }

    [Fact]
    public async Task ScoreAsync_FittedWeights_LeavesOutTheScorerWithoutOne()
    {
        var score = await Confidence.Ensemble([Part(0.2), Part(null), Part(0.8)], [0.75, 0, 0.25]).ScoreAsync(Context("x"));

        Assert.Equal(0.35, score.Value!.Value, 1e-9);
        Assert.Equal(2, score.Parts.Count);
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble([Part(1)], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble([Part(1)], [0.0]));
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble([Part(1)], [-1.0]));
    }

    [Fact]
    public void Cost_OfParts_SharesSamplesAndSumsTheRest() => Assert.Equal(
        new ScorerCost { Samples = 5, ModelCalls = 2, OutputTokens = 32, EntailmentPairs = 10 },
        Confidence.Ensemble(
            Confidence.Consistency(3), Confidence.PTrue(), Confidence.Verbalized(), Confidence.Consistency(5, AnswerSimilarity.Entailment(new Meanings()))).Cost);

    [Fact]
    public void Needs_OfParts_AreUnited() => Assert.Equal(
        ScorerNeeds.LogProbabilities | ScorerNeeds.Samples,
        Confidence.Ensemble(Confidence.TokenProbability(), Confidence.Consistency()).Needs);

    [Fact]
    public void Ensemble_WithoutARequiredPart_Throws()
    {
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble(Array.Empty<EnsemblePart>()));
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble(new EnsemblePart(Part(1)) { Optional = true }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Ensemble_BadWeight_Throws(double weight) =>
        Assert.Throws<ArgumentException>(() => Confidence.Ensemble(new EnsemblePart(Part(1), weight)));

    [Fact]
    public void ScoreAsync_AnyParts_IsTheWeightedMeanWithinThePartsInAnyOrder() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0.01, 10]).Array[1, 6].Sample(parts =>
        {
            double Score(IEnumerable<(double Value, double Weight)> p) =>
                Confidence.Ensemble([.. p.Select(x => new EnsemblePart(Part(x.Value), x.Weight))]).Score(Context("x")).Result!.Value;
            var score = Score(parts);
            var expected = parts.Sum(p => p.Item1 * p.Item2 / parts.Sum(q => q.Item2));
            return score is >= 0 and <= 1
                && Math.Abs(score - expected) < 1e-9
                && score >= parts.Min(p => p.Item1) - 1e-9
                && score <= parts.Max(p => p.Item1) + 1e-9
                && Math.Abs(score - Score(parts.Reverse())) < 1e-9;
        });

    private static ScriptedScorer Part(double? value, string name = "part") => new(_ => value, name);
}
