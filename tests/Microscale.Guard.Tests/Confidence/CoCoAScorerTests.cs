using CsCheck;
using Microscale.Guard.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class CoCoAScorerTests
{
    private static readonly TokenLogProbability[] Year = [Token("1965", 0.25)];

    [Theory]
    [InlineData(CoCoACombination.Uncertainties, 0.5)] // 0.25^(1 − 0.5)
    [InlineData(CoCoACombination.Confidences, 0.125)] // 0.25 · 0.5
    public async Task ScoreAsync_HalfOfTheSamplesAgree_IsAsComputedByHand(CoCoACombination combination, double expected)
    {
        var score = await Confidence.CoCoA(2, combination: combination).ScoreAsync(Context("1965", Year, "", "1965", "2013"));

        Assert.Equal(expected, score.Value!.Value, 1e-9);
        Assert.Equal([0.25, 0.5], score.Parts.Select(p => Math.Round(p.Value!.Value, 9)));
    }

    [Fact]
    public async Task ScoreAsync_NoLogProbabilities_DrawsNoSamples()
    {
        using var model = new ScriptedChatClient("1965");
        using var client = new ConfidenceChatClient(model, Confidence.CoCoA(2));

        var score = (await client.Ask(streaming: false)).GetGuardReport()!.Confidence!;

        Assert.Null(score.Value);
        Assert.Contains("log-probabilities", score.Explanation, StringComparison.Ordinal);
        Assert.Single(model.Calls);
    }

    [Fact]
    public void ScoreAsync_AnyValues_OrdersAsThePaper() =>
        Gen.Select(Gen.Double[0.01, 1], Gen.Int[0, 4]).Array[2].Sample(answers =>
        {
            double Score((double Probability, int Agreeing) a) => Confidence.CoCoA(4).Score(Context(
                "1965", [Token("1965", a.Probability)], "", [.. Enumerable.Range(0, 4).Select(i => i < a.Agreeing ? "1965" : "2013")])).Result!.Value;
            double Uncertainty((double Probability, int Agreeing) a) => -Math.Log(a.Probability) * (1 - (a.Agreeing / 4.0));

            var (first, second) = (Score(answers[0]), Score(answers[1]));
            var difference = Uncertainty(answers[0]) - Uncertainty(answers[1]);
            return first is >= 0 and <= 1 && (Math.Abs(difference) < 1e-9 || first > second == difference < 0);
        });

    [Fact]
    public void CoCoA_UnknownCombination_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.CoCoA(combination: (CoCoACombination)2));
}
