namespace Microscale.Guard.Evaluation.Tests.Metrics;

public class AnswerMatchingTests
{
    [Theory]
    [InlineData("The  Beatles!", "beatles")]
    [InlineData("A man, a plan, an end.", "man plan end")]
    [InlineData("Salzburg, Austria", "salzburg austria")]
    [InlineData("“Ruddigore”, or the Witch’s Curse", "ruddigore or witchs curse")]
    [InlineData("U.S.\tdollars — $5", "us dollars 5")]
    [InlineData("ÉCOLE", "école")]
    [InlineData("theatre and another", "theatre and another")]
    [InlineData("the", "")]
    public void Normalize_AsSquadDoes(string text, string expected) => Assert.Equal(expected, AnswerMatching.Normalize(text));

    [Theory]
    [InlineData("the Awakening.", true)]
    [InlineData("It is The Awakening", false)]
    [InlineData("", false)]
    public void IsExactMatch_NothingElse(string answer, bool expected) =>
        Assert.Equal(expected, AnswerMatching.IsExactMatch(answer, ["Awakening", "Awakening statue"]));

    [Theory]
    [InlineData("It was built in Austria.", true)]
    [InlineData("In Salzburg, Austria, of course.", true)]
    [InlineData("Austrian", false)]
    [InlineData("", false)]
    public void IsMatch_WholeWords(string answer, bool expected) =>
        Assert.Equal(expected, AnswerMatching.IsMatch(answer, ["Salzburg Austria", "Austria", "the"]));

    [Fact]
    public void Matches_NoAlias_AreFalse()
    {
        Assert.False(AnswerMatching.IsMatch("anything", []));
        Assert.False(AnswerMatching.IsExactMatch("", []));
        Assert.Equal(0, AnswerMatching.TokenF1("", []));
    }

    [Theory]
    [InlineData("the cat sat on a mat", "cat mat", 2.0 * (2 / 4.0) * 1 / ((2 / 4.0) + 1))]
    [InlineData("cat cat", "cat", 2 * 0.5 * 1 / 1.5)]
    [InlineData("dog", "cat", 0)]
    [InlineData("Cat!", "the cat", 1)]
    [InlineData("the", "a", 1)]
    [InlineData("the", "cat", 0)]
    public void TokenF1_ByHand(string answer, string alias, double expected)
    {
        Assert.Equal(expected, AnswerMatching.TokenF1(answer, [alias]), 1e-12);
        Assert.Equal(expected, AnswerMatching.TokenF1(answer, ["zzz", alias, "yyy"]), 1e-12);
    }
}
