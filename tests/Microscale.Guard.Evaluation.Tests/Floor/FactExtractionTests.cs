namespace Microscale.Guard.Evaluation.Tests.Floor;

public class FactExtractionTests
{
    [Theory]
    [InlineData("Einstein was born in Ulm in 1879.", "einstein | 1879", "einstein | ulm")]
    [InlineData("Marie Curie was a physicist. She won the Nobel Prize in 1903.", "marie curie | physicist", "marie curie | 1903", "marie curie | nobel prize")]
    [InlineData("Marie Curie was born in Warsaw. Curie died in 1934.", "marie curie | warsaw", "marie curie | 1934")]
    [InlineData("In 1932 the Sydney Harbour Bridge was opened.", "sydney harbour bridge | 1932")]
    [InlineData("Water boils at 100 °C.", "water | 100")]
    [InlineData("The lake is deep. It freezes in winter.", "lake | deep", "lake | freez winter")]
    [InlineData("Oslo is cold. Oslo is cold.", "oslo | cold")]
    [InlineData("The treaty was signed on 3 March 1918.", "treaty | 1918-3-3")]
    [InlineData("Yes!")]
    [InlineData("")]
    public void EntityAttributes_Sentences_GiveTheirPairs(string text, params string[] expected) =>
        Assert.Equal(expected.Order(), FactExtraction.EntityAttributes(text).Order());

    [Fact]
    public void Entities_EachNameOnce() => Assert.Equal(
        ["marie curie", "pierre curie", "paris"],
        FactExtraction.Entities("In Paris worked Marie Curie and Pierre Curie. There Marie Curie lived.").OrderBy(n => n.Length == 5 ? "z" : n));

    [Theory]
    [InlineData("What is the capital of France?", "the capital of France, please", false)]
    [InlineData("What is the capital of France?", "capital of france", true)]
    [InlineData("What is the capital of France?", "France's capital?", true)]
    [InlineData("Who is it?", "who is it", true)]
    [InlineData("Who is it?", "Where is it?", false)]
    public void Question_SameWords_AreOne(string one, string other, bool same) =>
        Assert.Equal(same, Assert.Single(FactExtraction.Question(one)) == Assert.Single(FactExtraction.Question(other)));
}
