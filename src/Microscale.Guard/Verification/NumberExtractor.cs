using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Finds the numbers of a text in the formats of English prose: digits with separators, scales (1.2 million, $3bn),
/// percentages, decades, ordinals and number words.</summary>
internal static partial class NumberExtractor
{
    private static readonly FrozenDictionary<string, decimal> Small = Enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 0, 1)
        .Concat(Enumerate(
            "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
            + "seventeenth eighteenth nineteenth", 0, 1))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, decimal> Tens = Enumerate("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
        .Concat(Enumerate("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, decimal> Scales = new Dictionary<string, decimal>
    {
        ["hundred"] = 100, ["thousand"] = 1_000, ["million"] = 1_000_000, ["billion"] = 1_000_000_000, ["trillion"] = 1_000_000_000_000,
        ["k"] = 1_000, ["mn"] = 1_000_000, ["m"] = 1_000_000, ["bn"] = 1_000_000_000, ["b"] = 1_000_000_000, ["tn"] = 1_000_000_000_000,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Words that are numbers less often than they are not.</summary>
    private static readonly FrozenSet<string> Ambiguous = new[] { "one", "first", "second" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The numbers of a text, those in digits first.</summary>
    public static IReadOnlyList<NumberFact> Extract(string text)
    {
        var numbers = new List<NumberFact>();
        var rest = Digits().Replace(text, match =>
        {
            numbers.Add(FromDigits(match, text));
            return new string('#', match.Length);
        });
        foreach (Match match in Words().Matches(rest))
        {
            AddWords(match.Groups["number"].Value, match.Groups["percent"].Success, UnitAfter(rest, match), numbers);
        }

        return numbers;
    }

    private static NumberFact FromDigits(Match match, string text)
    {
        var isNegative = match.Groups["sign"].Length > 0;
        var integer = AsciiDigits(match.Groups["integer"].Value);
        var fraction = match.Groups["fraction"] is { Success: true } part ? "." + AsciiDigits(part.Value) : "";
        var scale = match.Groups["scale"] is { Success: true } word ? Scales[word.Value]
            : match.Groups["suffix"] is { Success: true } suffix ? Scales[suffix.Value]
            : match.Groups["money"] is { Success: true } money ? Scales[money.Value]
            : 1;
        var kind = match.Groups["percent"].Success ? NumberKind.Percent
            : match.Groups["decade"].Success ? NumberKind.Decade
            : NumberKind.Plain;
        try
        {
            var value = decimal.Parse(integer + fraction, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * scale;
            value = isNegative ? -value : value;
            var unit = kind != NumberKind.Plain ? null
                : match.Groups["currency"] is { Success: true } sign ? Units.Find(sign.ValueSpan)
                : UnitAfter(text, match);
            return new NumberFact(Key(value), kind, match.Value.Trim(), IsAmbiguous: false)
            {
                Quantity = unit is null ? null : InBaseUnits(value, unit, scale / (decimal)Math.Pow(10, Math.Max(0, fraction.Length - 1)) / 2),
            };
        }
        catch (OverflowException)
        {
            // Longer than any decimal: compared digit by digit.
            return new NumberFact(integer + fraction, kind, match.Value.Trim(), IsAmbiguous: false);
        }
    }

    /// <summary>The unit that stands right after a number.</summary>
    private static Unit? UnitAfter(string text, Match match)
    {
        foreach (var found in UnitName().EnumerateMatches(text, match.Index + match.Length))
        {
            var name = text.AsSpan(found.Index, found.Length).TrimStart(" -\u00A0\u202F");
            return found.Index == match.Index + match.Length ? Units.Find(name) : null;
        }

        return null;
    }

    private static Quantity InBaseUnits(decimal value, Unit unit, decimal rounding) =>
        new(unit, (value * unit.Factor) + unit.Offset, rounding * unit.Factor);

    private static void AddWords(string phrase, bool isPercent, Unit? unit, List<NumberFact> numbers)
    {
        decimal total = 0;
        decimal current = 0;
        var said = new List<string>();
        foreach (Match match in Word().Matches(phrase))
        {
            var word = match.Value;
            if (word.Equals("and", StringComparison.OrdinalIgnoreCase))
            {
                // "a hundred and five", but "five and six".
                if (current % 100 != 0 || (current == 0 && total == 0))
                {
                    Flush();
                }

                continue;
            }

            if (Scales.TryGetValue(word, out var scale))
            {
                current = Math.Max(1, current) * scale;
                if (scale > 100)
                {
                    total += current;
                    current = 0;
                }
            }
            else if (Tens.TryGetValue(word, out var tens))
            {
                if (current % 100 != 0)
                {
                    Flush();
                }

                current += tens;
            }
            else
            {
                var small = Small[word];
                if (current % 10 != 0 || (small >= 10 && current % 100 != 0) || current % 100 == 10 || (said.Count > 0 && total + current == 0))
                {
                    Flush();
                }

                current += small;
            }

            said.Add(word);
        }

        Flush(isPercent, unit);

        void Flush(bool isPercent = false, Unit? unit = null)
        {
            if (said.Count > 0)
            {
                var words = string.Join(' ', said);
                numbers.Add(new NumberFact(Key(total + current), isPercent ? NumberKind.Percent : NumberKind.Plain, words, Ambiguous.Contains(words))
                {
                    Quantity = unit is null || isPercent ? null : InBaseUnits(total + current, unit, 0.5m),
                });
            }

            said.Clear();
            total = current = 0;
        }
    }

    /// <summary>The decimal digits of any script, as those of ASCII; all else is left out.</summary>
    private static string AsciiDigits(string text) =>
        string.Concat(text.Where(char.IsDigit).Select(c => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c))));

    private static string Key(decimal value) => value.ToString("0.#############################", CultureInfo.InvariantCulture);

    private static IEnumerable<KeyValuePair<string, decimal>> Enumerate(string words, int first, int step) =>
        words.Split(' ').Select((word, i) => KeyValuePair.Create(word, (decimal)(first + (i * step))));

    [GeneratedRegex(
        @"(?<currency>[$€£¥]\s?)?(?<sign>(?<![\p{L}\p{N})\].])[-−])?(?<integer>\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}(?:[,'’\u00A0\u2009\u202F]\d{3})+(?!\d)|\d+)(?<fraction>\.\d+)?"
        + @"(?:(?<decade>(?<=0)['’]?s\b)|(?:st|nd|rd|th)\b|(?<suffix>k|mn|bn|tn)\b|(?(currency)(?<money>[mb]\b)|(?!)))?"
        + @"(?:[\s-](?<scale>hundred|thousand|million|billion|trillion)\b)?(?<percent>\s?(?:%|percent\b|per\ cent\b|pct\b))?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Digits();

    private const string NumberWord =
        "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen(?:th)?|"
        + "zeroth|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
        + "(?:twen|thir|for|fif|six|seven|eigh|nine)(?:ty|tieth)|hundred|thousand|million|billion|trillion)";

    [GeneratedRegex(@"\b(?<number>" + NumberWord + @"\b(?:(?:[\s-]+|\s+and\s+)" + NumberWord + @"\b)*)(?<percent>\s+per\s?cent\b)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    [GeneratedRegex(@"\G[\s-]?(?:" + Units.Pattern + @")(?![\w/²³])", RegexOptions.CultureInvariant)]
    private static partial Regex UnitName();

    [GeneratedRegex("[a-z]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}

/// <summary>A number in a text.</summary>
/// <param name="Key">Its value in a form that is equal for equal values.</param>
/// <param name="Kind">What it counts as.</param>
/// <param name="Text">How it is written.</param>
/// <param name="IsAmbiguous">Whether the word is more often not a number ("one of them").</param>
internal sealed record NumberFact(string Key, NumberKind Kind, string Text, bool IsAmbiguous)
{
    /// <summary>The number with its unit; null without one.</summary>
    public Quantity? Quantity { get; init; }
}

/// <summary>Numbers of different kinds are different, whatever their value.</summary>
internal enum NumberKind
{
    Plain,
    Percent,

    /// <summary>The 1960s.</summary>
    Decade,
}
