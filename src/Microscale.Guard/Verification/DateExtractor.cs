using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds the dates of a text that name a day or a month (a year alone is a number).</summary>
internal static partial class DateExtractor
{
    private const string Month =
        @"(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";

    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    /// <summary>The dates of a text, and the text with '#' in their place.</summary>
    public static (IReadOnlyList<DateFact> Dates, string Remainder) Extract(string text)
    {
        var dates = new List<DateFact>();
        foreach (var pattern in (ReadOnlySpan<Regex>)[Iso(), DayMonth(), MonthDay(), MonthYear(), Numeric()])
        {
            text = pattern.Replace(text, match =>
            {
                var readings = Read(match);
                if (readings.Length == 0)
                {
                    return match.Value;
                }

                dates.Add(new DateFact(readings, match.Value));
                return new string('#', match.Length);
            });
        }

        return (dates, text);
    }

    private static DateParts[] Read(Match match)
    {
        var year = Number("year");
        if (match.Groups["month"] is { Success: true } name)
        {
            var month = (Months.IndexOf(name.Value[..3], StringComparison.OrdinalIgnoreCase) / 3) + 1;
            return Valid(new DateParts(year, month, Number("day")));
        }

        if (Number("iso") is { } isoMonth)
        {
            return Valid(new DateParts(year, isoMonth, Number("day")));
        }

        // 3/5/2024 is May in one country and March in another; 3.5.2024 is May.
        var (a, b) = (Number("a"), Number("b"));
        var first = Valid(new DateParts(year, b, a));
        return match.Groups["separator"].Value == "." || a == b ? first : [.. first, .. Valid(new DateParts(year, a, b))];

        int? Number(string group) =>
            match.Groups[group] is { Success: true } g ? int.Parse(g.Value, NumberStyles.None, CultureInfo.InvariantCulture) : null;

        static DateParts[] Valid(DateParts date) => date is { Month: null or (>= 1 and <= 12), Day: null or (>= 1 and <= 31) } ? [date] : [];
    }

    [GeneratedRegex(@"\b(?<year>\d{4})(?<separator>[-/.])(?<iso>\d{1,2})\k<separator>(?<day>\d{1,2})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(@"\b(?<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+" + Month + @"(?:,?[\s-]+(?<year>\d{4})\b)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DayMonth();

    [GeneratedRegex(@"\b" + Month + @"\s+(?:the\s+)?(?<day>\d{1,2})(?:st|nd|rd|th)?\b(?![\d:%]|\.\d)(?:,?\s+(?<year>\d{4})\b)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MonthDay();

    [GeneratedRegex(@"\b" + Month + @",?\s+(?:of\s+)?(?<year>\d{4})\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MonthYear();

    [GeneratedRegex(@"\b(?<a>\d{1,2})(?<separator>[/.])(?<b>\d{1,2})\k<separator>(?<year>\d{4})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();
}

/// <summary>A date in a text.</summary>
/// <param name="Readings">What it may mean; one unless it is ambiguous.</param>
/// <param name="Text">How it is written.</param>
internal sealed record DateFact(IReadOnlyList<DateParts> Readings, string Text);

/// <summary>The named parts of a date.</summary>
internal readonly record struct DateParts(int? Year, int? Month, int? Day)
{
    /// <summary>Whether all that this date names is so in another.</summary>
    public bool IsIn(DateParts other) =>
        (Year is null || Year == other.Year) && (Month is null || Month == other.Month) && (Day is null || Day == other.Day);
}
