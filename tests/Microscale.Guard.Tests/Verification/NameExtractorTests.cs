namespace Microscale.Guard.Tests.Verification;

public class NameExtractorTests
{
    [Theory]
    [InlineData("The physicist Carlos Drummond de Andrade won the Nobel Prize.", "Carlos Drummond de Andrade|Nobel Prize")]
    [InlineData("Einstein was born in Ulm, Germany.", "Ulm|Germany")]
    [InlineData("Marie Curie lived there once.", "Marie Curie")]
    [InlineData("Water boils when it is hot.", "")]
    [InlineData("UNESCO was founded long ago.", "UNESCO")]
    [InlineData("I think I'm at the University of São Paulo's lab.", "University of São Paulo's")]
    [InlineData("In the U.S. Army he met J. R. Ewing.", "U.S. Army|J. R. Ewing")]
    [InlineData("Who won it? Drummond.", "Drummond")]
    [InlineData("Yes. No! The.", "")]
    [InlineData("Jean-Paul Sartre wrote; Anna, Bob and Carl read.", "Jean-Paul Sartre|Anna|Bob|Carl")]
    [InlineData("cheerleading began then", "")]
    public void Extract_Text_GivesTheseNames(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', NameExtractor.Extract(text).Select(n => n.Text)));

    [Fact]
    public void Words_OfAText_AreFolded() =>
        Assert.Equal(["sao", "paulo", "un", "x", "obrien"], NameExtractor.Words("São Paulo’s U.N. 5 X O'Brien"));
}
