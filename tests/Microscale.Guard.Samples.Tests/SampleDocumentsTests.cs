using System.Text.RegularExpressions;
using Microscale.Guard.Samples.Quickstart;

namespace Microscale.Guard.Samples.Tests;

public partial class SampleDocumentsTests
{
    private static readonly IReadOnlyList<Evidence> Documents = SampleDocuments.Load();

    [Fact]
    public void Load_Always_FindsAboutFortyPassagesOnEveryTopic()
    {
        Assert.InRange(Documents.Count, 35, 50);
        Assert.Equal(
            ["amazon", "bees", "brazil", "computing", "elements", "literature", "moon", "nobel"],
            Documents.Select(d => d.Id.Split('-')[0]).Distinct().Order());
    }

    [Fact]
    public void Load_Always_GivesUniqueIdsAndTexts()
    {
        Assert.Equal(Documents.Count, Documents.Select(d => d.Id).Distinct().Count());
        Assert.Equal(Documents.Count, Documents.Select(d => d.Text).Distinct().Count());
        Assert.Equal(Documents.Count, Documents.Select(d => d.Source).Distinct().Count());
    }

    [Fact]
    public void LoadPassages_Always_GivesEachATitleASourceAndAnAddress() => Assert.All(SampleDocuments.LoadPassages(), p =>
    {
        Assert.False(string.IsNullOrWhiteSpace(p.Title));
        Assert.Matches("^Own text, facts from [A-Zt]", p.Source);
        Assert.True(p.Url.IsAbsoluteUri);
        Assert.Equal("https", p.Url.Scheme);
    });

    [Fact]
    public void Load_Always_CarriesTitleAndAddressToTheCitation() => Assert.All(
        SampleDocuments.LoadPassages().Zip(Documents),
        pair => Assert.Equal((pair.First.Title, pair.First.Url), (pair.Second.Source, pair.Second.Url)));

    [Fact]
    public void Load_Always_GivesPassagesOfAReadableLength() => Assert.All(Documents, d =>
        Assert.InRange(d.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, 40, 110));

    [Fact]
    public void Load_Always_GivesSentencesThatStandAlone() => Assert.All(Documents, d =>
        Assert.DoesNotMatch(LeadingPronoun(), d.Text));

    [Fact]
    public void Load_WhereDrummondStands_CallsHimAPoetAndHasNoYearThatAModelCouldBorrow()
    {
        var documents = Documents.Where(d => d.Text.Contains("Drummond", StringComparison.Ordinal)).ToList();

        Assert.Contains(documents, d => d.Source == "Carlos Drummond de Andrade");
        Assert.All(documents, d =>
        {
            Assert.Contains("poet", d.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(d.Text, char.IsDigit);
            Assert.DoesNotMatch("physicist[^.]*Drummond|Drummond[^.]*physic", d.Text);
        });
    }

    [Fact]
    public void Load_WhereBrazilMeetsTheNobelPrize_HasNoYearEither() => Assert.All(
        Documents.Where(d => d.Text.Contains("Brazil", StringComparison.Ordinal) && d.Text.Contains("Nobel", StringComparison.Ordinal)),
        d => Assert.DoesNotContain(d.Text, char.IsDigit));

    [GeneratedRegex(@"(^|[.!?] )(He|She|It|They|This|These|That|Those|His|Her|Its|Their)\b")]
    private static partial Regex LeadingPronoun();
}
