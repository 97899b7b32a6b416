using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Abstention;

public class AbstentionTextTests
{
    private static readonly Evidence Poet = new("poet", "Carlos Drummond de Andrade was born in 1902. Carlos Drummond de Andrade was a Brazilian poet. Poems are read.")
    {
        Source = "Brazilian poetry",
    };

    [Fact]
    public void Write_EvidenceOnTheQuestion_QuotesItWithACitation()
    {
        var text = AbstentionText.Write(Context("In which year was the Brazilian Carlos Drummond born?", GuardReason.Unverifiable, Poet));

        Assert.EndsWith("What I do know: Carlos Drummond de Andrade was a Brazilian poet. [1]", text.Text, StringComparison.Ordinal);
        var citation = Assert.IsType<CitationAnnotation>(Assert.Single(text.Annotations!));
        var region = Assert.IsType<TextSpanAnnotatedRegion>(Assert.Single(citation.AnnotatedRegions!));
        Assert.Equal("Carlos Drummond de Andrade was a Brazilian poet. [1]", text.Text[region.StartIndex!.Value..region.EndIndex!.Value]);
        Assert.Equal("Brazilian poetry", citation.Title);
        Assert.DoesNotContain("1902", text.Text);
    }

    [Fact]
    public void Write_EvidenceOnSomethingElse_QuotesNothing()
    {
        var text = AbstentionText.Write(Context("How deep is the Mariana trench?", GuardReason.NoEvidence, Poet));

        Assert.Equal($"{AbstentionTemplates.English.NoEvidence} {AbstentionTemplates.English.EvidenceWouldHelp}", text.Text);
        Assert.Null(text.Annotations);
    }

    [Fact]
    public void Write_PartlySupported_SaysHowManyStatementsWereNot()
    {
        var report = new GuardReport { Verdicts = [Judged(Verdict.Supported), Judged(Verdict.Unverifiable), Judged(Verdict.Contradicted)] };

        var text = AbstentionText.Write(new("What?", GuardReason.Contradicted, report, HasBegun: false)).Text;

        Assert.Contains("I could not confirm 2 of 3 statements.", text);
        Assert.DoesNotContain("secret", text);
    }

    [Fact]
    public void Write_AnotherLanguage_QuotesWithACitationInIt()
    {
        var templates = AbstentionTemplates.CreateGerman();
        templates.Known = "Bekannt ist: {0} So viel dazu.";
        var text = AbstentionText.Write(
            Context("In which year was the Brazilian Carlos Drummond born?", GuardReason.NoEvidence, Poet) with { Templates = templates });

        Assert.StartsWith(templates.NoEvidence, text.Text, StringComparison.Ordinal);
        Assert.EndsWith("So viel dazu.", text.Text, StringComparison.Ordinal);
        var region = Assert.IsType<TextSpanAnnotatedRegion>(Assert.Single(Assert.Single(text.Annotations!).AnnotatedRegions!));
        Assert.Equal("Carlos Drummond de Andrade was a Brazilian poet. [1]", text.Text[region.StartIndex!.Value..region.EndIndex!.Value]);
    }

    [Fact]
    public void Templates_EveryReason_SaySomething()
    {
        foreach (var templates in (AbstentionTemplates[])[AbstentionTemplates.CreateEnglish(), AbstentionTemplates.CreateGerman()])
        {
            templates.Validate("x");
            Assert.All(Enum.GetValues<GuardReason>(), r => Assert.NotEmpty(templates.Why(r)));
            Assert.All(Enum.GetValues<GuardReason>(), r => Assert.NotEmpty(templates.Help(r)));
        }
    }

    [Fact]
    public void Templates_ThatLackAPlace_SayWhatToChange()
    {
        Assert.Contains("Known needs {0}", Assert.Throws<InvalidOperationException>(() => new AbstentionTemplates { Known = "Known." }.Validate("fr")).Message);
        Assert.Contains("'fr' have an empty reason", Assert.Throws<InvalidOperationException>(() => new AbstentionTemplates { Stopped = " " }.Validate("fr")).Message);
    }

    private static ClaimVerdict Judged(Verdict verdict) => new(new Claim("secret", 0, 6), verdict);

    private static AbstentionContext Context(string question, GuardReason reason, params Evidence[] evidence) =>
        new(question, reason, new GuardReport { Evidence = evidence }, HasBegun: false);
}
