using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

public class QuotedTests
{
    private static readonly Evidence Apollo = new("a", "The Moon is far. The Apollo mission reached the Moon in 1968. Frank Borman led the crew.");

    [Theory]
    [InlineData("The Apollo mission reached the Moon in 1968.", 0.95, 0.7)]
    [InlineData("In 1968 the mission reached the Moon.", 0.95, 0.7)] // other order, same terms
    [InlineData("The Apollo mission landed on the Moon in 1968.", 0.95, 0)] // apollo, mission, moon, 1968 of five terms
    [InlineData("The Apollo mission landed on the Moon in 1968.", 0.8, 0.7)]
    [InlineData("The Moon is far and Frank Borman led the crew.", 0.95, 0)] // of two sentences
    [InlineData("It is.", 0.95, 0)] // no terms
    public async Task Score_IsThatOfTheScorer_WhereOneSentenceHoldsTheAnswer(string answer, double share, double expected)
    {
        var score = await Confidence.Quoted(new ScriptedScorer(_ => 0.7), share).ScoreAsync(Context(answer, Apollo));

        Assert.Equal(expected, score.Value);
    }

    [Fact]
    public async Task Score_WithoutEvidenceOrScore_IsNotAvailable()
    {
        Assert.Null((await Confidence.Quoted(new ScriptedScorer(_ => 0.7)).ScoreAsync(Context("The Moon is far."))).Value);
        Assert.Null((await Confidence.Quoted(Confidence.TokenProbability()).ScoreAsync(Context("The Moon is far.", Apollo))).Value);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Quoted_ShareOutOfRange_IsRefused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.Quoted(new ScriptedScorer(_ => 0.7), share));

    private static ConfidenceContext Context(string answer, params Evidence[] evidence) =>
        new([new(ChatRole.User, [.. evidence.Select(e => new TextContent(e.Text).AsEvidence(e.Id)), new TextContent("When?")])], answer, null, (_, _) => throw new InvalidOperationException());
}
