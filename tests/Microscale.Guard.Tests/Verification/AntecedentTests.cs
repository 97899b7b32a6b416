namespace Microscale.Guard.Tests.Verification;

public class AntecedentTests
{
    [Theory]
    [InlineData("Apollo 8 went to the Moon. It flew there and back in 1968.", "Apollo 8 flew there and back in 1968.")]
    [InlineData("Marie Curie was born in Warsaw. She won two Nobel Prizes.", "Marie Curie won two Nobel Prizes.")]
    [InlineData("Marie Curie was born in Warsaw. She moved to Paris. Her husband was Pierre.", "Marie Curie's husband was Pierre.")]
    [InlineData("The Normans were raiders from the north. They gave their name to Normandy.", "The Normans gave their name to Normandy.")]
    [InlineData("The tower of London is very old. Its walls are four metres thick.", "The tower of London's walls are four metres thick.")]
    [InlineData("**Paris** [1] is big. It is the capital of France.", "Paris is the capital of France.")]
    public void Split_PronounAfterAName_StandsForIt(string answer, string last) =>
        Assert.Equal(last, ClaimSplitter.Split(answer, "What?")[^1].Text);

    [Theory]
    [InlineData("In 1968 three men went to the Moon. It took six days to return.", "In 1968 three men went to the Moon. It took six days to return.")]
    [InlineData("The treaty was signed in 1648. This was the end of a long war.", "The treaty was signed in 1648. This was the end of a long war.")]
    [InlineData("The tower is in Paris. She was born in Rome.", "The tower is in Paris. She was born in Rome.")]
    [InlineData("Paris is in France. They are both very old.", "Paris is in France. They are both very old.")]
    [InlineData("Anna and Bert were there. He was born in Rome.", "Anna and Bert were there. He was born in Rome.")]
    public void Split_PronounWithoutAName_JoinsTheSentenceBefore(string answer, string last) =>
        Assert.Equal(last, ClaimSplitter.Split(answer, "What?")[^1].Text);

    [Theory]
    [InlineData("Paris is in France. It is likely that Rome is older.", "It is likely that Rome is older.")]
    [InlineData("Paris is in France.\n\nIt flew to the Moon in 1968.", "It flew to the Moon in 1968.")]
    [InlineData("The treaty was signed in 1648. This treaty ended a war of thirty years.", "This treaty ended a war of thirty years.")]
    [InlineData("It was old then. It is quite new by now.", "It is quite new by now.")]
    [InlineData("Paris is in France. Italy has another capital.", "Italy has another capital.")]
    public void Split_NoPronounOfTheSentenceBefore_IsLeftAlone(string answer, string last) =>
        Assert.Equal(last, ClaimSplitter.Split(answer, "What?")[^1].Text);

    [Fact]
    public void Split_Pronoun_KeepsItsSpan()
    {
        const string Answer = "Apollo 8 went to the Moon. It flew there and back in 1968.";

        var claim = ClaimSplitter.Split(Answer, "What?")[1];

        Assert.Equal("It flew there and back in 1968.", Answer.Substring(claim.Start, claim.Length));
    }
}
