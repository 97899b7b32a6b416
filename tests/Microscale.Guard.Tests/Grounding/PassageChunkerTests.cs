using CsCheck;

namespace Microscale.Guard.Tests.Grounding;

public class PassageChunkerTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.OneOf("Mr. Smith ", "slept. ", "It is 3.5 m! ", "Why? ", "\n\n", "e.g. ", "word ", "“Yes.” ", "J. S. Bach ", new string('x', 450), "😀", " "))
        .Array[0, 40].Select(string.Concat);

    [Fact]
    public void Split_WithoutOverlap_LosesNoCharacter() =>
        Gen.Select(Texts, Gen.Int[1, 12]).Sample((text, words) =>
            Assert.Equal(text, string.Concat(PassageChunker.Split(text, words).Select(r => text[r]))));

    [Fact]
    public void Split_WithOverlap_CoversTheTextAndMovesOn() =>
        Gen.Select(Texts, Gen.Int[1, 12], Gen.Int[0, 4]).Sample((text, words, overlap) =>
        {
            var passages = PassageChunker.Split(text, words, overlap);
            var covered = 0;
            var last = -1;
            foreach (var passage in passages)
            {
                Assert.InRange(passage.Start.Value, last + 1, covered);
                Assert.True(passage.End.Value > covered);
                Assert.InRange(PassageChunker.CountWords(text.AsSpan()[passage]), 0, words);
                (last, covered) = (passage.Start.Value, passage.End.Value);
            }

            Assert.Equal(text.Length, covered);
        });

    [Fact]
    public void Split_Sentences_AreKeptWhole()
    {
        const string Text = "One two three. Four five six. Seven eight nine. Ten.";

        Assert.Equal(
            ["One two three. Four five six.", " Seven eight nine. Ten."], PassageChunker.Split(Text, 6).Select(r => Text[r]));
        Assert.Equal(
            ["One two three. Four five six.", " Four five six. Seven eight nine.", " Seven eight nine. Ten."],
            PassageChunker.Split(Text, 6, 1).Select(r => Text[r]));
    }

    [Theory]
    [InlineData("one two three four five. Six.", 2, "one two |three four |five. Six.")]
    [InlineData(" a  b\n c d e", 3, " a  b\n c |d e")]
    public void Split_LongSentence_IsCutBetweenWords(string text, int words, string passages) =>
        Assert.Equal(passages, string.Join('|', PassageChunker.Split(text, words).Select(r => text[r])));

    [Fact]
    public void Split_LongSentenceWithinTheWords_StaysWhole()
    {
        var text = string.Join(' ', Enumerable.Repeat("seventeen-letters", 90)) + ".";

        Assert.Equal(text, text[Assert.Single(PassageChunker.Split(text, 100))]);
    }

    [Fact]
    public void Split_AnyText_NeverSplitsACharacter() =>
        Texts.Sample(text => Assert.All(
            PassageChunker.Split(text, 5),
            r => Assert.False(r.Start.Value > 0 && char.IsLowSurrogate(text[r.Start.Value]) && char.IsHighSurrogate(text[r.Start.Value - 1]))));
}
