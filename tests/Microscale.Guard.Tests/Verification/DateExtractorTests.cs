using System.Globalization;
using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class DateExtractorTests
{
    [Theory]
    [InlineData("on 3 May 2024", "2024-5-3")]
    [InlineData("on May 3, 2024.", "2024-5-3")]
    [InlineData("on the 3rd of May, 2024", "2024-5-3")]
    [InlineData("2024-05-03T10:00", "2024-5-3")]
    [InlineData("Jan. 5 it rained", "-1-5")]
    [InlineData("in Sept 1999", "1999-9-")]
    [InlineData("in May of 1999", "1999-5-")]
    [InlineData("3.5.2024", "2024-5-3")]
    [InlineData("3/5/2024", "2024-5-3|2024-3-5")]
    [InlineData("25/12/2024", "2024-12-25")]
    [InlineData("99/99/2024 and 45 May", "")]
    [InlineData("You may win 2024 times in 1999", "")]
    [InlineData("The March of 20 men, May 5.5 and Maybe 3", "")]
    public void Extract_Text_GivesThisDate(string text, string expected)
    {
        var (dates, rest) = DateExtractor.Extract(text);
        Assert.Equal(expected, string.Join('|', dates.SelectMany(d => d.Readings).Select(r => $"{r.Year}-{r.Month}-{r.Day}")));
        Assert.Equal(text.Length, rest.Length);
        Assert.All(dates, d => Assert.DoesNotContain(d.Text, rest, StringComparison.Ordinal));
    }

    [Fact]
    public void Extract_ADateInAnyFormat_NamesTheSameDay()
    {
        string[] formats = ["d MMMM yyyy", "MMMM d, yyyy", "yyyy-MM-dd", "d MMM yyyy", "MMM. d yyyy", "dd.MM.yyyy", "yyyy/MM/dd", "dddd, d MMMM yyyy", "d/M/yyyy", "M/d/yyyy"];
        Gen.Int[0, 60_000].Sample(
            days =>
            {
                var date = new DateTime(1900, 1, 1).AddDays(days);
                foreach (var format in formats)
                {
                    var text = "It was " + date.ToString(format, CultureInfo.InvariantCulture) + ", they say.";
                    Assert.Contains(new DateParts(date.Year, date.Month, date.Day), Assert.Single(DateExtractor.Extract(text).Dates).Readings);
                }
            },
            iter: 500);
    }

    [Fact]
    public void IsIn_AsksOnlyForWhatIsNamed()
    {
        Assert.True(new DateParts(2024, 5, null).IsIn(new DateParts(2024, 5, 3)));
        Assert.False(new DateParts(2024, 5, 3).IsIn(new DateParts(2024, 5, null)));
        Assert.False(new DateParts(2023, 5, 3).IsIn(new DateParts(2024, 5, 3)));
    }
}
