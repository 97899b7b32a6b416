using CsCheck;

namespace Microscale.Guard.Tests.Text;

public class SentenceSegmenterTests
{
    [Theory]
    [InlineData("Paris is big.", " Rome is old.")]
    [InlineData("Dr. Smith met Mr. J. R. R. Tolkien.", " They talked.")]
    [InlineData("It costs 3.14 dollars.", " That is cheap.")]
    [InlineData("Use a fruit, e.g. an apple.", " Or don't.")]
    [InlineData("He lives at the U.S. Army base.", " She left the U.S.", " The end.")]
    [InlineData("See No. 5 and Fig. 3 on p. 12.", " No.", " That is wrong.")]
    [InlineData("Apple Inc. Europe began in 1976.", " He left Apple Inc.", " It grew.")]
    [InlineData("Wait... what?!", " Really...", " Yes.")]
    [InlineData("\"I know.\"", " He left.", " (It was late.)", " \"Go!\" he said.")]
    [InlineData("The firm (Foo Inc.) Europe grew.", " (It was late.)", " He slept.")]
    [InlineData("He was born in 1879.", " In 1905 he wrote four papers.")]
    [InlineData("Water is wet. [1]", " Fire is hot.[2][3]", " Ice is cold [4].", " Go.")]
    [InlineData("Water is wet. [1, 2]", " See more.", " [1](http://a.b) says so. [7]")]
    [InlineData("Facts:\n", "- one thing\n", "- two things. \n\n", "# Heading\n", "Text.")]
    [InlineData("1. First item.\n", "2. Second item.\n", "10) Third.")]
    [InlineData("| a | b |\n", "|---|---|\n", "| 1.5 | x |\n", "Done.")]
    [InlineData("A line that is\nwrapped softly.\n", "Another\n", "Third")]
    [InlineData("# heading\n", "text below\n\n", "more")]
    [InlineData("Code:\n", "```cs\nvar x = 1. Y. Z!\n\n// a. b\n```\n\n", "After.  \n")]
    [InlineData("```\nnever closed. Not at all.\n")]
    [InlineData("```inline``` code.", " Then text.")]
    [InlineData("東京は首都です。", "大阪は違う！", "「本当？」", "はい。")]
    [InlineData("Visit https://a.b/c?d=e.f or example.com today.", " Ok.")]
    [InlineData("At 5 p.m. he left.", " It was 5 p.m.", " Then it rained.")]
    [InlineData("On Jan. 5 it rained.", " Lt. Gov. Brown came.")]
    [InlineData("cheerleading began then.", " it is fun.", " Yes.")]
    [InlineData("¿Qué es?", " Él dijo.", " Il dit «oui.»", " Puis.")]
    [InlineData("  \n Leading space.", " End. \t\n ")]
    [InlineData(" \n ")]
    public void Split_KnownText_GivesTheseSentences(params string[] sentences)
    {
        var text = string.Concat(sentences);
        Assert.Equal(sentences, Sentences(text, SentenceSegmenter.Split(text)));
    }

    [Fact]
    public void Append_FullStopAtTheEnd_IsUndecidedUntilMoreComes()
    {
        var segmenter = new SentenceSegmenter();

        Assert.Empty(segmenter.Append("It is 3."));
        Assert.Empty(segmenter.Append("14"));
        Assert.Empty(segmenter.Append("."));
        Assert.Empty(segmenter.Append(" "));
        Assert.Equal([11], segmenter.Append("N"));
        Assert.Equal(11, segmenter.End);
        Assert.Equal([17], [.. segmenter.Append("ext."), .. segmenter.Append(" "), .. segmenter.Append("One")]);
        Assert.Equal([21], segmenter.Complete());
        Assert.Throws<InvalidOperationException>(() => segmenter.Append("x"));
    }

    [Fact]
    public void Complete_WithoutText_GivesNothing() => Assert.Empty(new SentenceSegmenter().Complete());

    [Fact]
    public void Split_EndlessSentence_CutsAtWhiteSpace()
    {
        var text = string.Concat(Enumerable.Repeat("word ", 100));

        var sentences = Sentences(text, SentenceSegmenter.Split(text, maxLength: 64));

        Assert.All(sentences[..^1], s => Assert.InRange(s.Length, 32, 64));
        Assert.All(sentences, s => Assert.Matches("^( ?word)+ ?$", s));
    }

    [Fact]
    public void Split_EndlessWord_CutsNoCharacter()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 100));

        var sentences = Sentences(text, SentenceSegmenter.Split(text, maxLength: 17));

        Assert.All(sentences, s => Assert.Equal(s, string.Concat(s.EnumerateRunes())));
        Assert.Equal(text, string.Concat(sentences));
    }

    [Fact]
    public void Append_AnyChunking_GivesTheSameBoundariesAndLosesNothing()
    {
        // Pieces that matter to the rules, so that random texts hit them often.
        string[] known =
        [
            "word", "Word", "the", "The", " ", "  ", ".", ". ", "...", "!", "?", "\n", "\n\n", "\r\n", "Dr", "e.g", "U.S", "No", "J", "3", "14",
            "[1]", "[", "]", "(", ")", "\"", "”", "。", "東京", "- ", "1. ", "# ", "|", "```", "`", "~~~", "\n```\n", "😀", ",", "**", "is", "\t", "                ",
        ];
        var pieces = Gen.Int[0, known.Length - 1].Select(i => known[i]);
        var gen = Gen.Select(
            pieces.Array[0, 60].Select(string.Concat),
            Gen.Int[1, 7].Array[1, 20],
            Gen.Int[0, 2].Select(i => new[] { 16, 40, 600 }[i]));
        gen.Sample(
            (text, lengths, maxLength) =>
            {
                var whole = SentenceSegmenter.Split(text, maxLength);
                var segmenter = new SentenceSegmenter(maxLength);
                var ends = new List<int>();
                for (int i = 0, n = 0; i < text.Length; n++)
                {
                    var length = Math.Min(lengths[n % lengths.Length], text.Length - i);
                    var part = segmenter.Append(text.AsSpan(i, length));
                    Assert.All(part, e => Assert.InRange(e, 0, i + length));
                    ends.AddRange(part);
                    i += length;
                }

                ends.AddRange(segmenter.Complete());
                Assert.Equal(whole, ends);
                Assert.Equal(text, string.Concat(Sentences(text, whole)));
                Assert.Equal(text.Length, whole.Count == 0 ? 0 : whole[^1]);
                Assert.Equal(whole.Order().Distinct(), whole);
            },
            iter: 20_000);
    }

    [Fact]
    public void Append_EverySplitInTwo_GivesTheSameBoundaries()
    {
        const string text = "Dr. No met J. R. Ewing [1]. \"Yes!\" he said.\n\n- It cost 1.5 million. [2, 3] Then... nothing?!\n```\na. B\n```\nU.S. The end. 東京。大阪";
        var whole = SentenceSegmenter.Split(text);
        for (var i = 0; i <= text.Length; i++)
        {
            var segmenter = new SentenceSegmenter();
            Assert.Equal(whole, [.. segmenter.Append(text.AsSpan(0, i)), .. segmenter.Append(text.AsSpan(i)), .. segmenter.Complete()]);
        }
    }

    private static string[] Sentences(string text, IReadOnlyList<int> ends) =>
        [.. ends.Select((end, i) => text[(i == 0 ? 0 : ends[i - 1])..end])];
}
