using Microscale.Guard.Samples.Quickstart;

namespace Microscale.Guard.Samples.Tests;

public class OutcomeRendererTests
{
    private const string Long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        + "eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six twenty-seven twenty-eight";

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(71)]
    [InlineData(72)]
    [InlineData(100)]
    [InlineData(200)]
    public void Render_AnyWidth_LosesNoWordAndKeepsTheWidth(int width)
    {
        var rendered = Outcomes.Render(Outcomes.Create(Outcomes.Report, draft: "bare " + Long, answer: "guarded " + Long), width);

        var words = Outcomes.Words(rendered);
        Assert.All(Expected(), word => Assert.Contains(word, words));
        Assert.Equal(2, words.Count(w => w == "twenty-eight"));
        Assert.All(rendered.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, width));

        static IEnumerable<string> Expected() => string.Join(
            ' ',
            Long,
            "bare guarded Repaired: contradicted The passage names another day. 0.82 token_probability (raw): geometric mean nine tokens",
            "Supported: Gold melts easily. entailment 0.97 elements-gold",
            "Contradicted: Silver is liquid. facts: silver melts later",
            "Unverifiable: Nobody knows tin. a verifier failed Lead was asked. no verifier had an opinion",
            "[2] https://example.org/gold \"Gold melts at a thousand degrees.\" Tin no address",
            "draft (contradicted), then repair (delivered)",
            "verification, judge: It did not answer within ten. (timeout)",
            "retrieval 7 ms generation 1.2 s 321 total 1.6 s").Split(' ');
    }

    [Fact]
    public void Render_Always_ShowsEachCitationOnce() =>
        Assert.Single(Outcomes.Words(Outcomes.Render(Outcomes.Create(Outcomes.Report))), w => w == "https://example.org/gold");

    [Fact]
    public void Render_Redirected_HasNoEscapeSequences() =>
        Assert.DoesNotContain('\e', Outcomes.Render(Outcomes.Create(Outcomes.Report)));

    [Fact]
    public void Render_TextThatSteersTerminals_IsDisarmed()
    {
        var rendered = Outcomes.Render(Outcomes.Create(Outcomes.Report, draft: "a\e[2Jb\u0007c", answer: "[red]d[/]"));

        Assert.DoesNotContain('\e', rendered);
        Assert.DoesNotContain('\a', rendered);
        Assert.Contains("[red]d[/]", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WithoutReport_SaysThatNoGuardSawTheAnswer() =>
        Assert.Contains("no guard saw this answer", Outcomes.Render(Outcomes.Create(null)), StringComparison.Ordinal);

    [Fact]
    public void Render_OfWhatWasNotJudged_SaysSo()
    {
        var rendered = Outcomes.Render(Outcomes.Create(new GuardReport()));

        Assert.Contains("Undecided", rendered, StringComparison.Ordinal);
        Assert.Contains("not scored", rendered, StringComparison.Ordinal);
        Assert.Contains("not verified", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OfAConfidenceThatCouldNotBeHad_SaysWhy() => Assert.Contains(
        "not available from token_probability: no log-probabilities",
        Outcomes.Render(Outcomes.Create(Outcomes.Report with { Confidence = ConfidenceScore.Unavailable("token_probability", "no log-probabilities") })),
        StringComparison.Ordinal);

    [Fact]
    public void RenderQuestion_WithMarkupInIt_ShowsItAsItIs()
    {
        var rendered = Outcomes.Render(r => r.RenderQuestion(new Question("What is [bold]?", "A [kind]"), 1, 5));

        Assert.Contains("1 of 5 · A [kind]", rendered, StringComparison.Ordinal);
        Assert.Contains("What is [bold]?", rendered, StringComparison.Ordinal);
    }
}
