using System.Text;
using CsCheck;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class TokenProbabilityScorerTests
{
    // Greedy answers of SmolLM2-135M-Instruct with the log-probabilities of its golden file (8-bit column).
    private static readonly TokenLogProbability[] Drummond = Tokens(
        "Carl|os| Drum|mond| was| a| Brazilian| physicist| who| won| the| Nobel| Prize| in| Physics| in| |2|0|1|3|.|",
        [
            -0.9411, -0.1042, -0.6046, -0.0002, -1.1651, -0.5519, -0.5312, -0.096, -0.4743, -0.9145, -0.0776, -0.0614, -0.1821,
            -0.0297, -0.1101, -0.1575, -0.0201, -0.2927, -0.0003, -0.3978, -1.8849, -0.2698, -0.5008,
        ]);

    private static readonly TokenLogProbability[] Paris = Tokens(
        "The| capital| of| France| is| Paris|.|",
        [-2.0973, -0.0174, -0.0081, -0.0107, -0.0501, -0.0429, -0.6144, -0.3233]);

    [Theory]
    [InlineData(TokenAggregation.Mean, TokenScope.All, 0.6)] // (0.9 · 0.5 · 0.8 · 0.36)^¼ = 0.1296^¼
    [InlineData(TokenAggregation.Minimum, TokenScope.All, 0.36)]
    [InlineData(TokenAggregation.Product, TokenScope.All, 0.1296)]
    [InlineData(TokenAggregation.ArithmeticMean, TokenScope.All, 0.64)] // (0.9 + 0.5 + 0.8 + 0.36) / 4
    [InlineData(TokenAggregation.ArithmeticMean, TokenScope.ContentWords, 0.43)]
    [InlineData(TokenAggregation.Mean, TokenScope.ContentWords, 0.42426406871)] // (0.5 · 0.36)^½: Paris, rains
    [InlineData(TokenAggregation.Minimum, TokenScope.ContentWords, 0.36)]
    [InlineData(TokenAggregation.Product, TokenScope.ContentWords, 0.18)]
    [InlineData(TokenAggregation.Mean, TokenScope.NewWords, 0.36)] // Paris is in the question
    [InlineData(TokenAggregation.Product, TokenScope.NewWords, 0.36)]
    public async Task ScoreAsync_FourTokens_IsAsComputedByHand(TokenAggregation aggregation, TokenScope scope, double expected)
    {
        var scorer = Confidence.TokenProbability(aggregation, scope);

        var score = await scorer.ScoreAsync(Context(
            "In Paris it rains", [Token("In", 0.9), Token(" Paris", 0.5), Token(" it", 0.8), Token(" rains", 0.36)], "Weather in Paris?"));

        Assert.Equal(expected, score.Value!.Value, 1e-9);
        Assert.Equal(scorer.Name, score.Scorer);
        Assert.False(score.IsCalibrated);
    }

    [Fact]
    public async Task ScoreAsync_FluentInvention_IsFarBelowAKnownAnswer()
    {
        const string Invented = "Carlos Drummond was a Brazilian physicist who won the Nobel Prize in Physics in 2013.";
        var invention = Context(Invented, Drummond, "What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?");
        var knowledge = Context("The capital of France is Paris.", Paris, "What is the capital of France?");

        // Over all tokens the two look alike; over what is new they do not.
        var all = Confidence.TokenProbability(scope: TokenScope.All);
        Assert.Equal(0.0, (await all.Score(knowledge) - await all.Score(invention))!.Value, 0.05);
        var focused = Confidence.TokenProbability();
        Assert.Equal(Math.Exp(-0.0429), (await focused.Score(knowledge))!.Value, 1e-9);
        // won, Physics, 2013
        Assert.Equal(
            Math.Exp((-0.9145 - 0.1101 + (-0.2927 - 0.0003 - 0.3978 - 1.8849)) / 3), (await focused.Score(invention))!.Value, 1e-9);
        Assert.True(await focused.Score(invention) < 0.31);
        Assert.True(await Confidence.TokenProbability(TokenAggregation.Minimum).Score(invention) < 0.08);
    }

    [Theory]
    [InlineData(TokenScope.NewWords, "Paris", "Paris?", 0.5)] // nothing new: the content words count
    [InlineData(TokenScope.NewWords, "it is", "", 0.5)] // no content word: all tokens count
    [InlineData(TokenScope.ContentWords, "...", "", 0.5)]
    public async Task ScoreAsync_NothingInScope_WidensTheScope(TokenScope scope, string text, string question, double expected) =>
        Assert.Equal(
            expected, (await Confidence.TokenProbability(scope: scope).Score(Context(text, [Token(text, 0.5)], question)))!.Value, 1e-9);

    [Fact]
    public async Task ScoreAsync_WordOfManyTokens_CountsAsTheirProduct()
    {
        // (0.5 · 0.4) and 0.8; "-" and the blanks belong to no word
        TokenLogProbability[] tokens = [Token(" ", 0.01), Token("19", 0.5), Token("65", 0.4), Token(" -", 0.01), Token(" Lyon", 0.8)];

        Assert.Equal(0.4, (await Confidence.TokenProbability().Score(Context("1965 - Lyon", tokens)))!.Value, 1e-9);
        Assert.Equal(0.2, (await Confidence.TokenProbability(TokenAggregation.Minimum).Score(Context("1965 - Lyon", tokens)))!.Value, 1e-9);
    }

    [Fact]
    public async Task ScoreAsync_TokenOverTwoWords_CountsForBoth() => Assert.Equal(
        0.25, (await Confidence.TokenProbability(TokenAggregation.Product).Score(Context("New York", [Token("New York", 0.5)])))!.Value, 1e-9);

    [Fact]
    public async Task ScoreAsync_CharacterSplitOverTokens_CountsEachToken()
    {
        var bytes = Encoding.UTF8.GetBytes("Ünï");
        TokenLogProbability[] tokens = [.. bytes.Select((b, i) => new TokenLogProbability(new[] { b }, -i))];

        Assert.Equal(Math.Exp(-10), (await Confidence.TokenProbability().Score(Context("Ünï", tokens)))!.Value, 1e-9);
    }

    [Fact]
    public async Task ScoreAsync_TokensAfterTheText_DoNotCount()
    {
        var context = Context("One sentence.", [Token("One", 0.5), Token(" sentence", 0.5), Token(".", 0.5), Token(" Next", 0.001)]);

        Assert.Equal(0.5, (await Confidence.TokenProbability(scope: TokenScope.All).Score(context))!.Value, 1e-9);
    }

    [Fact]
    public async Task Perplexity_FourTokens_IsTheInverseAndToldInTheExplanation()
    {
        // (0.5 · 0.5 · 0.25 · 0.25)^−¼ = 64^¼ = 2.83
        var score = await Confidence.Perplexity().ScoreAsync(
            Context("a b c d", [Token("a", 0.5), Token(" b", 0.5), Token(" c", 0.25), Token(" d", 0.25)]));

        Assert.Equal(1 / Math.Pow(64, 0.25), score.Value!.Value, 1e-9);
        Assert.Equal("Of 4 tokens. Perplexity 2.83.", score.Explanation);
    }

    [Fact]
    public async Task ScoreAsync_NoLogProbabilities_SaysHowToGetThem()
    {
        var score = await Confidence.TokenProbability().ScoreAsync(Context("text"));

        Assert.Null(score.Value);
        Assert.Contains("Consistency", score.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_TokensOfAnotherText_IsUnavailable() =>
        Assert.Null(await Confidence.TokenProbability().Score(Context("Lyon", [Token("Paris", 0.9)])));

    [Fact]
    public void TokenProbability_UnknownValue_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.TokenProbability((TokenAggregation)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.TokenProbability(scope: (TokenScope)7));
    }

    [Fact]
    public void ScoreAsync_AnyTokens_EqualsTheOracle() =>
        Gen.Select(Answers, Gen.Enum<TokenAggregation>(), Gen.Enum<TokenScope>()).Sample((answer, aggregation, scope) =>
        {
            var (words, question) = answer;
            var tokens = words.Select((w, i) => Token((i == 0 ? "" : " ") + w.Word, w.Probability)).ToArray();
            var score = Confidence.TokenProbability(aggregation, scope)
                .ScoreAsync(Context(string.Join(' ', words.Select(w => w.Word)), tokens, question)).AsTask().Result.Value!.Value;

            // The oracle: each word is one token.
            var content = words.Where(w => w.Word is not ("the" or "is")).ToList();
            var fresh = content.Where((w, i) => w.Word != question && content.FindIndex(o => o.Word == w.Word) == i).ToList();
            var counted = scope == TokenScope.NewWords && fresh.Count > 0 ? fresh
                : scope != TokenScope.All && content.Count > 0 ? content
                : [.. words];
            var product = counted.Aggregate(1.0, (p, w) => p * w.Probability);
            var expected = aggregation switch
            {
                TokenAggregation.Mean => Math.Pow(product, 1.0 / counted.Count),
                TokenAggregation.Minimum => counted.Min(w => w.Probability),
                TokenAggregation.ArithmeticMean => counted.Average(w => w.Probability),
                _ => product,
            };
            return score is >= 0 and <= 1 && Math.Abs(score - expected) < 1e-9;
        });

    [Fact]
    public void ScoreAsync_SurerToken_NeverLowersTheScore() =>
        Gen.Select(Answers, Gen.Enum<TokenAggregation>(), Gen.Enum<TokenScope>(), Gen.Int[0, 5]).Sample((answer, aggregation, scope, at) =>
        {
            var (words, question) = answer;
            double Score(double bonus) => Confidence.TokenProbability(aggregation, scope).ScoreAsync(Context(
                string.Join(' ', words.Select(w => w.Word)),
                [.. words.Select((w, i) => Token((i == 0 ? "" : " ") + w.Word, i == at % words.Length ? w.Probability + ((1 - w.Probability) * bonus) : w.Probability))],
                question)).AsTask().Result.Value!.Value;
            return Score(0.5) >= Score(0);
        });

    private static readonly Gen<((string Word, double Probability)[] Words, string Question)> Answers = Gen.Select(
        Gen.Select(Gen.OneOf(Gen.Const("the"), Gen.Const("is"), Gen.Const("wood"), Gen.Const("stone"), Gen.Const("fire")), Gen.Double[0.01, 1]).Array[1, 8],
        Gen.OneOf(Gen.Const("wood"), Gen.Const("water")));

    private static TokenLogProbability[] Tokens(string pieces, double[] logProbabilities) =>
        [.. pieces.Split('|').Zip(logProbabilities, (p, l) => new TokenLogProbability(Encoding.UTF8.GetBytes(p), l))];
}
