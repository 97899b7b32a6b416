using Microscale.Guard.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class LeastSureClaimTests
{
    private const string Answer = "Drummond wrote poems. Physics fell.";

    private static readonly TokenLogProbability[] Tokens =
        [Token("Drummond", 0.9), Token(" wrote", 0.8), Token(" poems", 0.5), Token(".", 0.9), Token(" Physics", 0.2), Token(" fell", 0.5), Token(".", 0.9)];

    [Fact]
    public async Task ScoreAsync_TwoClaims_IsTheLowerOneAndTellsBoth()
    {
        var score = await Confidence.LeastSureClaim(Confidence.TokenProbability(TokenAggregation.Product)).ScoreAsync(Context(Answer, Tokens));

        Assert.Equal(0.1, score.Value!.Value, 1e-9); // 0.2 · 0.5
        Assert.Equal([0.36, 0.1], score.Parts.Select(p => Math.Round(p.Value!.Value, 9)));
        Assert.Equal("least_sure_claim.token_probability.product.new_words", score.Scorer);
    }

    [Fact]
    public async Task ScoreAsync_NoClaim_IsTheWholeAnswer() =>
        Assert.Equal(0.5, (await Confidence.LeastSureClaim(Confidence.Perplexity()).Score(Context("Hello!", [Token("Hello", 0.5), Token("!", 0.5)])))!.Value, 1e-9);

    [Fact]
    public async Task ScoreAsync_NoLogProbabilities_IsUnavailable()
    {
        var score = await Confidence.LeastSureClaim().ScoreAsync(Context(Answer));

        Assert.Null(score.Value);
        Assert.Contains("log-probabilities", score.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void LeastSureClaim_ScorerOfWholeAnswers_Throws()
    {
        Assert.Throws<ArgumentException>(() => Confidence.LeastSureClaim(Confidence.Consistency()));
        Assert.Throws<ArgumentException>(() => Confidence.LeastSureClaim(Confidence.PTrue()));
    }

    [Theory]
    [InlineData(TokenScope.All, 0.09)] // " Physics" " fell" "."
    [InlineData(TokenScope.ContentWords, 0.1)]
    public async Task For_Claim_CountsOnlyTheTokensOfItsSpan(TokenScope scope, double expected)
    {
        var context = Context(Answer, Tokens);

        Assert.Equal(
            expected, (await Confidence.TokenProbability(TokenAggregation.Product, scope).Score(context.For(new Claim("Physics fell.", 22, 13))))!.Value, 1e-9);
    }

    [Fact]
    public async Task For_ClaimOfWordsSaidBefore_CountsAllItsContentWords()
    {
        var context = Context("Wood burns. Wood burns.", [Token("Wood", 0.9), Token(" burns", 0.9), Token(".", 1), Token(" Wood", 0.5), Token(" burns", 0.5), Token(".", 1)]);

        Assert.Equal(
            0.25, (await Confidence.TokenProbability(TokenAggregation.Product).Score(context.For(new Claim("Wood burns.", 12, 11))))!.Value, 1e-9);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(30, 10)]
    public void For_SpanOutsideOfTheText_Throws(int start, int length) =>
        Assert.Throws<ArgumentException>(() => Context(Answer).For(new Claim("x", start, length)));

    [Fact]
    public async Task For_Claim_SharesSamplesAndModel()
    {
        var drawn = 0;
        using var client = new ScriptedChatClient("x");
        var context = new ConfidenceContext(Question, Answer, Tokens, (count, _) =>
        {
            drawn += count;
            return Task.FromResult<IReadOnlyList<Microsoft.Extensions.AI.ChatResponse>>([.. Enumerable.Range(0, count).Select(_ => Sample("x"))]);
        })
        {
            Model = new AnsweringModel(client),
        };
        var claim = context.For(new Claim("Physics fell.", 22, 13));

        await context.DrawSamplesAsync(2);
        await claim.For(new Claim("Drummond wrote poems.", 0, 21)).DrawSamplesAsync(3);

        Assert.Equal(3, drawn);
        Assert.Same(context.Model, claim.Model);
    }
}
