using System.Globalization;
using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>Writes dates by the patterns of C's <c>strftime</c>, in English.</summary>
internal static class Strftime
{
    /// <exception cref="JinjaException">The pattern has a sign that is not supported.</exception>
    public static string Format(DateTimeOffset time, string pattern)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                text.Append(pattern[i]);
                continue;
            }

            // A minus before the sign drops leading zeros.
            var bare = pattern[++i] == '-' && i + 1 < pattern.Length;
            var part = Part(time, pattern[bare ? ++i : i]);
            text.Append(bare && part.TrimStart('0') is var trimmed ? (trimmed.Length == 0 ? "0" : trimmed) : part);
        }

        return text.ToString();
    }

    private static string Part(DateTimeOffset time, char sign) => sign switch
    {
        'Y' => time.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => time.ToString("yy", CultureInfo.InvariantCulture),
        'm' => time.ToString("MM", CultureInfo.InvariantCulture),
        'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
        'd' => time.ToString("dd", CultureInfo.InvariantCulture),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'A' => time.ToString("dddd", CultureInfo.InvariantCulture),
        'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
        'H' => time.ToString("HH", CultureInfo.InvariantCulture),
        'I' => time.ToString("hh", CultureInfo.InvariantCulture),
        'M' => time.ToString("mm", CultureInfo.InvariantCulture),
        'S' => time.ToString("ss", CultureInfo.InvariantCulture),
        'p' => time.ToString("tt", CultureInfo.InvariantCulture),
        'F' => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'z' => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        '%' => "%",
        _ => throw new JinjaException($"strftime_now does not know '%{sign}'"),
    };
}
