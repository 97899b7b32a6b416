using CsCheck;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>Entropy, margin and self-certainty over the alternatives of tokens.</summary>
public class TokenAlternativesTests
{
    // 0.6 and 0.2 are 0.75 and 0.25 of what is known.
    private static readonly TokenLogProbability[] Two = [Among("In", 0.6, ("In", 0.6), ("It", 0.2)), Among(" Paris", 0.5, (" Paris", 0.5), (" Lyon", 0.5))];

    [Theory]
    [InlineData(TokenAggregation.Mean, TokenScope.All, 0.09436093777)] // (1 − 0.5623351446 / ln 2 + 0) / 2
    [InlineData(TokenAggregation.Minimum, TokenScope.All, 0)]
    [InlineData(TokenAggregation.Mean, TokenScope.NewWords, 0)]
    public async Task TokenEntropy_TwoTokens_IsAsComputedByHand(TokenAggregation aggregation, TokenScope scope, double expected) =>
        Assert.Equal(expected, (await Confidence.TokenEntropy(aggregation, scope).Score(Context("In Paris", Two)))!.Value, 1e-9);

    [Theory]
    [InlineData(TokenAggregation.Mean, TokenScope.All, 0.2)] // (0.6 − 0.2 + 0) / 2
    [InlineData(TokenAggregation.Minimum, TokenScope.All, 0)]
    public async Task TokenMargin_TwoTokens_IsAsComputedByHand(TokenAggregation aggregation, TokenScope scope, double expected) =>
        Assert.Equal(expected, (await Confidence.TokenMargin(aggregation, scope).Score(Context("In Paris", Two)))!.Value, 1e-9);

    [Theory]
    [InlineData(TokenAggregation.Mean, 0.06939514165)] // D = −ln 2 − (ln 0.75 + ln 0.25) / 2 = 0.1438410362, and 0; 1 − exp(−D / 2)
    [InlineData(TokenAggregation.Minimum, 0)]
    public async Task SelfCertainty_TwoTokens_IsAsComputedByHand(TokenAggregation aggregation, double expected) =>
        Assert.Equal(expected, (await Confidence.SelfCertainty(aggregation, TokenScope.All).Score(Context("In Paris", Two)))!.Value, 1e-9);

    [Theory]
    [InlineData(0.7, 0.7, 0.3, 0.4)] // the chosen one leads
    [InlineData(0.3, 0.7, 0.3, 0)] // a sampled token that was not the most probable
    [InlineData(0.1, 0.6, 0.3, 0)] // one that is not among the alternatives
    public async Task TokenMargin_AnyChoice_IsItsLeadOverTheOthers(double chosen, double first, double second, double expected)
    {
        var names = chosen == first ? ("x", "y") : chosen == second ? ("y", "x") : ("y", "z");
        var token = Among("x", chosen, (names.Item1, first), (names.Item2, second));

        Assert.Equal(expected, (await Confidence.TokenMargin(scope: TokenScope.All).Score(Context("x", [token])))!.Value, 1e-9);
    }

    [Fact]
    public async Task TokenEntropy_WordOfSeveralTokens_IsAsSureAsItsLeastSureToken()
    {
        TokenLogProbability[] tokens = [Among("19", 1, 1, 0), Among("65", 0.5, 0.5, 0.5), Among(" Lyon", 1, 1, 0)];

        Assert.Equal(0.5, (await Confidence.TokenEntropy().Score(Context("1965 Lyon", tokens)))!.Value, 1e-9);
    }

    [Fact]
    public async Task Alternatives_Missing_AreAskedFor()
    {
        foreach (var scorer in All(TokenAggregation.Mean))
        {
            Assert.Equal(ScorerNeeds.LogProbabilities | ScorerNeeds.TopAlternatives, scorer.Needs);
            var without = await scorer.ScoreAsync(Context("x", [Token("x", 0.5)]));
            Assert.Null(without.Value);
            Assert.Contains("TopAlternatives", without.Explanation, StringComparison.Ordinal);
            Assert.Null(await scorer.Score(Context("x", [Among("x", 0.5, 0.5)]))); // one is none
            Assert.Null(await scorer.Score(Context("x y", [Among("x", 0.5, 0.5, 0.5), Token(" y", 0.5)])));
            Assert.Null(await scorer.Score(Context("x")));
            using var model = new Testing.ScriptedChatClient("x");
            var exception = Assert.Throws<ArgumentException>(() => new ConfidenceChatClient(model, scorer, new() { TopAlternatives = 1 }));
            Assert.Contains("TopAlternatives is 1", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Alternatives_AggregationThatMakesNoSense_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.TokenEntropy(TokenAggregation.Product));
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.TokenMargin(TokenAggregation.ArithmeticMean));
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.SelfCertainty(scope: (TokenScope)9));
    }

    [Fact]
    public async Task Alternatives_CertainToken_ScoresOne()
    {
        TokenLogProbability[] tokens = [Among("x", 1, ("x", 1), ("y", 0))];

        Assert.Equal(1, (await Confidence.TokenEntropy().Score(Context("x", tokens)))!.Value, 1e-9);
        Assert.Equal(1, (await Confidence.TokenMargin().Score(Context("x", tokens)))!.Value, 1e-9);

        // 1 − 2 √(1 · 10⁻⁹)
        Assert.Equal(1 - (2 * Math.Sqrt(1e-9)), (await Confidence.SelfCertainty().Score(Context("x", tokens)))!.Value, 1e-9);
    }

    [Fact]
    public void Alternatives_AnyTokens_EqualTheOracle() =>
        Gen.Double[0.001, 1].Array[2, 6].Array[1, 6].Sample(rows =>
        {
            var answer = string.Join(' ', rows.Select((_, i) => "w" + i));
            TokenLogProbability[] tokens = [.. rows.Select((r, i) => Among((i == 0 ? "w" : " w") + i, r.Max() / r.Sum(), [.. r.Select(p => p / r.Sum())]))];
            var width = rows.Max(r => r.Length);

            double Entropy(double[] r) => r.Sum(p => -(p / r.Sum()) * Math.Log2(p / r.Sum())) / Math.Log2(width);
            double Divergence(double[] r) => Enumerable.Range(0, width).Sum(
                k => 1.0 / width * Math.Log(1.0 / width / (k < r.Length ? r[k] / r.Sum() : 1e-9)));

            // No alternative has the token's text, so that the most probable of all is the runner-up.
            return Near(Confidence.TokenEntropy(), 1 - rows.Average(Entropy))
                && Near(Confidence.TokenEntropy(TokenAggregation.Minimum), 1 - rows.Max(Entropy))
                && Near(Confidence.SelfCertainty(), 1 - Math.Exp(-rows.Average(Divergence)))
                && Near(Confidence.SelfCertainty(TokenAggregation.Minimum), 1 - Math.Exp(-rows.Min(Divergence)))
                && Near(Confidence.TokenMargin(), 0);

            bool Near(IConfidenceScorer scorer, double expected) =>
                scorer.Score(Context(answer, tokens)).Result is { } value && value is >= 0 and <= 1 && Math.Abs(value - expected) < 1e-9;
        });

    private static IConfidenceScorer[] All(TokenAggregation aggregation) =>
        [Confidence.TokenEntropy(aggregation), Confidence.TokenMargin(aggregation), Confidence.SelfCertainty(aggregation)];
}
