using CsCheck;

namespace Microscale.Guard.Tests.Text;

public class SentencesTests
{
    [Theory]
    [InlineData("Dr. Who met J. S. Bach. They left.", "Dr. Who met J. S. Bach.| They left.")]
    [InlineData("It costs 3.50 today. Really?! Yes.", "It costs 3.50 today.| Really?!| Yes.")]
    [InlineData("He said “No.” Then he went.", "He said “No.”| Then he went.")]
    [InlineData("A title\n\nThen text", "A title\n\n|Then text")]
    [InlineData("Fruit, e.g. apples. And so on", "Fruit, e.g. apples.| And so on")]
    [InlineData("the end . Next one .", "the end .| Next one .")]
    [InlineData("", "")]
    public void Split_Prose_EndsSentencesWhereAReaderSaysSo(string text, string sentences) =>
        Assert.Equal(sentences, string.Join('|', Sentences.Split(text).Select(r => text[r])));

    [Fact]
    public void Split_AnyText_LosesNoCharacter() =>
        Gen.Select(Gen.String, Gen.OneOf(Gen.Const(16), Gen.Const(64), Gen.Const(int.MaxValue))).Sample((text, maxLength) =>
            Assert.Equal(text, string.Concat(Sentences.Split(text, maxLength).Select(r => text[r]))));

    [Fact]
    public void Split_EndlessSentence_StaysWholeUnlessALengthIsSet()
    {
        var text = string.Concat(Enumerable.Repeat("and so on ", 1000));

        Assert.Equal(0..text.Length, Assert.Single(Sentences.Split(text)));
        Assert.All(Sentences.Split(text, 100), s => Assert.InRange(text[s].Length, 1, 100));
    }
}
