using System.Globalization;
using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class NumberExtractorTests
{
    [Theory]
    [InlineData("1,200 people", "1200")]
    [InlineData("1\u00A0200 people", "1200")]
    [InlineData("1.200.000 people", "1200000")]
    [InlineData("1.2 thousand, 1.2 million, 3 billion", "1200 1200000 3000000000")]
    [InlineData("$5m, €3bn, 20k, 5m", "5000000 3000000000 20000 5")]
    [InlineData("-5 and −6.50 but 1939-1945", "-5 -6.5 1939 1945")]
    [InlineData("5%, 7 percent, 8 per cent, nine percent", "5% 7% 8% 9%")]
    [InlineData("the 1960s, 1960's and 1968's", "1960s 1960s 1968")]
    [InlineData("1st, 22nd and 3rd", "1 22 3")]
    [InlineData("twelve, twelfth, twenty-one, twenty and five", "12 12 21 20 5")]
    [InlineData("three hundred and five", "305")]
    [InlineData("two million three hundred thousand and one", "2300001")]
    [InlineData("five six", "5 6")]
    [InlineData("version 3.14, at 10:30", "3.14 10 30")]
    [InlineData("A380 and 5km", "380 5")]
    [InlineData("a 123456789012345678901234567890123 b", "123456789012345678901234567890123")]
    [InlineData("someone is often tenacious", "")]
    public void Extract_Text_GivesTheseNumbers(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', NumberExtractor.Extract(text).Select(Show)));

    [Fact]
    public void Extract_AmbiguousWords_AreMarked()
    {
        Assert.All(NumberExtractor.Extract("one, first, second"), n => Assert.True(n.IsAmbiguous));
        Assert.All(NumberExtractor.Extract("two, 1, 2nd, twenty-one"), n => Assert.False(n.IsAmbiguous));
    }

    [Fact]
    public void Extract_ANumberInAnyFormat_GivesTheSameKey() =>
        Gen.Int[0, 999_999_999].Sample(
            value =>
            {
                var key = value.ToString(CultureInfo.InvariantCulture);
                string[] formats =
                [
                    key, value.ToString("N0", CultureInfo.InvariantCulture), value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u00A0'),
                    key + ".0", (value / 1000m).ToString(CultureInfo.InvariantCulture) + " thousand", (value / 1_000_000m).ToString(CultureInfo.InvariantCulture) + " million",
                    InWords(value), InWords(value).Replace(" and ", " ", StringComparison.Ordinal),
                ];
                foreach (var format in formats)
                {
                    Assert.Equal(key, Assert.Single(NumberExtractor.Extract($"It has {format} parts.")).Key);
                }
            },
            iter: 2_000);

    private static string Show(NumberFact number) =>
        number.Key + number.Kind switch { NumberKind.Percent => "%", NumberKind.Decade => "s", _ => "" };

    /// <summary>British spelling, with "and".</summary>
    private static string InWords(int value)
    {
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
            "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        string[] tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        return value switch
        {
            < 20 => small[value],
            < 100 => tens[value / 10] + (value % 10 > 0 ? "-" + small[value % 10] : ""),
            < 1000 => small[value / 100] + " hundred" + (value % 100 > 0 ? " and " + InWords(value % 100) : ""),
            < 1_000_000 => InWords(value / 1000) + " thousand" + Rest(value % 1000),
            _ => InWords(value / 1_000_000) + " million" + Rest(value % 1_000_000),
        };

        static string Rest(int rest) => rest switch { 0 => "", < 100 => " and " + InWords(rest), _ => " " + InWords(rest) };
    }
}
