using CsCheck;
using Microscale.Guard.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class EnsembleFitterTests
{
    private static readonly Gen<EnsembleExample[]> Examples =
        Gen.Select(Gen.Double[0, 1].Array[2], Gen.Bool).Array[4, 30]
            .Select(rows => rows.Select((r, i) => new EnsembleExample(r.Item1, i == 0 || (i != 1 && r.Item2))).ToArray());

    [Fact]
    public void FitWeights_OneScorerKnows_GetsAllWeight()
    {
        EnsembleExample[] examples = [new([1, 0.5, 0], true), new([0, 0.5, 1], false), new([1, 0.5, 0.2], true), new([0, 0.5, 0.9], false)];

        var weights = EnsembleFitter.FitWeights(examples);

        Assert.Equal(1, weights[0], 1e-6);
        Assert.Equal(0, weights[1], 1e-6);
        Assert.Equal(0, weights[2], 1e-6);
    }

    [Fact]
    public void FitWeights_AnyExamples_AreAsGoodAsTheBestOfAGrid() => Examples.Sample(
        examples =>
        {
            var weights = EnsembleFitter.FitWeights(examples);
            double Loss(double w) => examples.Average(e => Math.Pow((w * e.Scores[0]) + ((1 - w) * e.Scores[1]) - (e.IsRight ? 1 : 0), 2));
            return weights.All(w => w is >= 0 and <= 1)
                && Math.Abs(weights.Sum() - 1) < 1e-9
                && Enumerable.Range(0, 101).All(i => Loss(weights[0]) <= Loss(i / 100.0) + 1e-9);
        },
        iter: 30);

    [Fact]
    public void FitLogistic_OneScorer_IsAsComputedByHand()
    {
        // At 1 three of four are right, at 0 one of four: without a penalty σ(b) = ¼ and σ(b + w) = ¾, so b = −ln 3 and w = 2 ln 3.
        EnsembleExample[] examples =
            [.. Enumerable.Range(0, 8).Select(i => new EnsembleExample([i < 4 ? 1 : 0], i is 0 or 1 or 2 or 4))];

        var weights = EnsembleFitter.FitLogistic(examples, ridge: 1e-9);

        Assert.Equal(-Math.Log(3), weights.Intercept, 1e-6);
        Assert.Equal(2 * Math.Log(3), weights.Weights[0], 1e-6);
        Assert.Equal(0.75, weights.Apply([1]), 1e-6);
    }

    [Fact]
    public void FitLogistic_AnyExamples_IsWhereTheGradientVanishes() => Gen.Select(Examples, Gen.Double[0.01, 10]).Sample((examples, ridge) =>
    {
        var (intercept, weights) = EnsembleFitter.FitLogistic(examples, ridge);
        double Residual(EnsembleExample e) =>
            (1 / (1 + Math.Exp(-(intercept + (weights[0] * e.Scores[0]) + (weights[1] * e.Scores[1]))))) - (e.IsRight ? 1 : 0);
        return Math.Abs(examples.Sum(Residual)) < 1e-6
            && Enumerable.Range(0, 2).All(i => Math.Abs(examples.Sum(e => Residual(e) * e.Scores[i]) + (ridge * weights[i])) < 1e-6);
    });

    [Fact]
    public void FitLogistic_SeparableExamples_StaysFinite()
    {
        var weights = EnsembleFitter.FitLogistic([new([1, 0], true), new([0, 1], false)]);

        Assert.True(weights.Weights[0] > 0 && weights.Weights[1] < 0 && double.IsFinite(weights.Intercept));
    }

    [Fact]
    public void Fit_SameExamples_GivesTheSameWeights() => Examples.Sample(
        examples => EnsembleFitter.FitLogistic(examples).Weights.SequenceEqual(EnsembleFitter.FitLogistic(examples).Weights)
            && EnsembleFitter.FitWeights(examples).SequenceEqual(EnsembleFitter.FitWeights(examples)),
        iter: 3);

    [Fact]
    public void Fit_ExamplesThatDoNotSuffice_Throws()
    {
        Assert.Throws<ArgumentException>(() => EnsembleFitter.FitWeights([]));
        Assert.Throws<ArgumentException>(() => EnsembleFitter.FitLogistic([new([1], true), new([1], true)]));
        Assert.Throws<ArgumentException>(() => EnsembleFitter.FitLogistic([new([1], true), new([1, 0], false)]));
        Assert.Throws<ArgumentException>(() => EnsembleFitter.FitLogistic([new([1], true), new([double.NaN], false)]));
        Assert.Throws<ArgumentException>(() => EnsembleFitter.FitLogistic([new([], true), new([], false)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnsembleFitter.FitLogistic([new([1], true), new([0], false)], 0));
    }

    [Fact]
    public async Task LogisticEnsemble_TwoParts_IsAsComputedByHand()
    {
        var scorer = Confidence.LogisticEnsemble(new(-1, [2, -1]), Part(0.9), Part(0.3));

        var score = await scorer.ScoreAsync(Context("x"));

        Assert.Equal(1 / (1 + Math.Exp(-0.5)), score.Value!.Value, 1e-9); // −1 + 1.8 − 0.3
        Assert.Equal(2, score.Parts.Count);
        Assert.False(score.IsCalibrated);
    }

    [Fact]
    public async Task LogisticEnsemble_PartUnavailable_IsUnavailable()
    {
        var score = await Confidence.LogisticEnsemble(new(0, [1, 1]), Part(0.9), Part(null, "missing")).ScoreAsync(Context("x"));

        Assert.Null(score.Value);
        Assert.Contains("missing", score.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LogisticEnsemble_BadWeights_Throws()
    {
        Assert.Throws<ArgumentException>(() => Confidence.LogisticEnsemble(new(0, [1, 2]), Part(1)));
        Assert.Throws<ArgumentException>(() => Confidence.LogisticEnsemble(new(0, [])));
        Assert.Throws<ArgumentException>(() => Confidence.LogisticEnsemble(new(0, [double.NaN]), Part(1)));
        Assert.Throws<ArgumentException>(() => new LogisticWeights(0, [1]).Apply([1, 2]));
    }

    private static ScriptedScorer Part(double? value, string name = "part") => new(_ => value, name);
}
