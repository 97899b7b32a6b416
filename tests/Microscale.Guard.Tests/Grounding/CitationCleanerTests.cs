using CsCheck;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

public class CitationCleanerTests
{
    private static readonly Evidence[] Two = [new("a", "The text says [9] itself."), new("b", "Other.")];

    private static readonly string[] Parts = ["[7]", "[1]", " ", "word", ".", "[", "`", "```", "\n", "[1, 8]", "]", "[9]", "5"];

    [Theory]
    [InlineData("It is high [7].", "It is high.", 7)]
    [InlineData("It is high[7].", "It is high.", 7)]
    [InlineData("High. [7] And cold.", "High. And cold.", 7)]
    [InlineData("[7] High.", "High.", 7)]
    [InlineData("High [1, 7] and [7; 3].", "High [1] and.", 3, 7)]
    [InlineData("High 【5】.", "High.", 5)]
    [InlineData("High [^4].", "High.", 4)]
    [InlineData("End [8]", "End", 8)]
    [InlineData("High[7] [1]", "High[1]", 7)]
    [InlineData("High [1] and [2].", "High [1] and [2].")]
    [InlineData("As the text says [9].", "As the text says [9].")]
    [InlineData("See [the page](https://example.org) [3](x).", "See [the page](https://example.org) [3](x).")]
    [InlineData("Use `list[7]` and ``a `[7]` b``.", "Use `list[7]` and ``a `[7]` b``.")]
    [InlineData("```\nx = a[7]\n```\nDone [7].", "```\nx = a[7]\n```\nDone.", 7)]
    [InlineData("Born [2013] or [0].", "Born [2013] or [0].")]
    [InlineData("An open [7", "An open [7")]
    public void Clean_Markers_KeepsWhatNamesAPassage(string text, string expected, params int[] invented)
    {
        var cleaner = new CitationCleaner(Two);
        var content = new TextContent(text);

        cleaner.Clean(content);

        Assert.Equal(expected, content.Text + cleaner.Complete());
        Assert.Equal(invented, cleaner.Invented);
    }

    [Fact]
    public void Clean_NoEvidenceWasShown_NumbersMeanSomethingElse()
    {
        var cleaner = new CitationCleaner([]);
        var content = new TextContent("Take item [7].");

        cleaner.Clean(content);

        Assert.Equal("Take item [7].", content.Text + cleaner.Complete());
    }

    [Fact]
    public void Clean_CutAnywhere_HasTheSameWordsAndSpans() =>
        Gen.Int[0, Parts.Length - 1].Array[0, 12]
            .Select(Gen.Int[1, 5], (parts, size) => (string.Concat(parts.Select(i => Parts[i])), size))
            .Sample((text, size) =>
            {
                var whole = new CitationCleaner(Two);
                var all = new TextContent(text);
                whole.Clean(all);
                var expected = all.Text + whole.Complete();

                var cleaner = new CitationCleaner(Two);
                var actual = string.Concat(text.Chunk(size).Select(c =>
                {
                    var content = new TextContent(new string(c));
                    cleaner.Clean(content);
                    return content.Text;
                })) + cleaner.Complete();

                // Where a blank before a marker was let go already, the one after it goes instead.
                Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), actual.Replace(" ", "", StringComparison.Ordinal));
                Assert.Equal(whole.Invented, cleaner.Invented);
                Assert.Equal(actual.Length, cleaner.Map(text.Length));
                for (var i = 0; i < text.Length; i++)
                {
                    // Every character that stayed is found where it went.
                    var at = cleaner.Map(i);
                    Assert.True(cleaner.Map(i + 1) == at || actual[at] == text[i] || actual[at] is ']' or '1');
                }
            });

    [Fact]
    public void Clean_AnnotationsOfTheModel_MoveWithTheText()
    {
        var region = new TextSpanAnnotatedRegion { StartIndex = 10, EndIndex = 14 };
        var content = new TextContent("Fuji [7], high.") { Annotations = [new CitationAnnotation { AnnotatedRegions = [region] }] };
        var cleaner = new CitationCleaner(Two);

        cleaner.Clean(content);

        Assert.Equal("Fuji, high.", content.Text);
        Assert.Equal("high", content.Text[region.StartIndex!.Value..region.EndIndex!.Value]);
    }
}
