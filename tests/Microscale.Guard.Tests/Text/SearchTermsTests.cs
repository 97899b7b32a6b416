namespace Microscale.Guard.Tests.Text;

public class SearchTermsTests
{
    [Theory]
    [InlineData("What is the height of Mount Fuji?", "height mount fuj")]
    [InlineData("São Paulo's CAFÉ", "sao paulo caf")]
    [InlineData("Sa\u0303o Łódź; Þingvellir", "sao lodz þingvellir")]
    [InlineData("In 1492, 3,776 m; B2B", "1492 3 776 m b2b")]
    [InlineData("the of and", "")]
    [InlineData("", "")]
    public void Of_Text_AreItsWordsThatMean(string text, string terms) => Assert.Equal(terms, string.Join(' ', SearchTerms.Of(text)));

    [Theory]
    [InlineData("city", "cities")]
    [InlineData("stop", "stopped", "stopping", "stops")]
    [InlineData("create", "created", "creating", "creates")]
    [InlineData("call", "called", "calling")]
    [InlineData("class", "classes")]
    [InlineData("box", "boxes")]
    [InlineData("discover", "discovered", "discovers")]
    public void Stem_Inflections_FallTogether(params string[] words) =>
        Assert.Single(words.Select(w => LightStemmer.Stem(w).ToString()).Distinct());

    [Theory]
    [InlineData("king")]
    [InlineData("red")]
    [InlineData("string")]
    [InlineData("bus")]
    [InlineData("1990s")]
    [InlineData("physics", "physic")]
    public void Stem_OtherWords_StayApartFromTheirBeginning(string word, string? stem = null) =>
        Assert.Equal(stem ?? word, LightStemmer.Stem(word).ToString());

    [Fact]
    public void Of_EndlessWord_IsCut() => Assert.Equal(64, Assert.Single(SearchTerms.Of(new string('x', 1000))).Length);

    [Fact]
    public void Keywords_Question_AreItsWordsAsTheyStandOnce() =>
        Assert.Equal(["Running", "rivers", "São", "Paulo", "1707"], SearchTerms.Keywords("What of the Running rivers of São Paulo's running, in 1707?"));
}
