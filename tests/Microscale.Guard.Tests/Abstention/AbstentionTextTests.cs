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

        Assert.Equal(AbstentionText.Why(GuardReason.NoEvidence), text.Text);
        Assert.Null(text.Annotations);
    }

    [Fact]
    public void Why_EveryReason_SaysSomething() =>
        Assert.All(Enum.GetValues<GuardReason>(), r => Assert.NotEmpty(AbstentionText.Why(r)));

    private static AbstentionContext Context(string question, GuardReason reason, params Evidence[] evidence) =>
        new(question, reason, new GuardReport { Evidence = evidence }, HasBegun: false);
}
