using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>A JSON number, exactly: sign, digits before the point without leading zeros (at least one), digits after it without
/// trailing zeros.</summary>
internal readonly record struct JsonDecimal(bool Negative, string Whole, string Fraction)
{
    /// <summary>More digits than any double has.</summary>
    private const int MaxDigits = 400;

    public bool IsInteger => Fraction.Length == 0;

    public bool IsZero => Whole == "0" && Fraction.Length == 0;

    public JsonDecimal Magnitude => this with { Negative = false };

    /// <summary>Reads a JSON number; null where it has an exponent beyond reason.</summary>
    public static JsonDecimal? Parse(string text)
    {
        bool negative = text.StartsWith('-');
        int start = negative ? 1 : 0;
        int exponentAt = text.IndexOfAny(['e', 'E']);
        int exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), System.Globalization.NumberStyles.AllowLeadingSign,
            System.Globalization.CultureInfo.InvariantCulture, out exponent))
        {
            return null;
        }

        string mantissa = exponentAt < 0 ? text[start..] : text[start..exponentAt];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        if (digits.AsSpan().Trim('0').IsEmpty) return new JsonDecimal(false, "0", "");

        if (Math.Abs((long)exponent) > MaxDigits || digits.Length > MaxDigits) return null;
        int at = (point < 0 ? mantissa.Length : point) + exponent;
        if (at < 0)
        {
            digits = new string('0', -at) + digits;
            at = 0;
        }
        else if (at > digits.Length)
        {
            digits += new string('0', at - digits.Length);
        }

        string whole = digits[..at].TrimStart('0');
        return new JsonDecimal(negative, whole.Length == 0 ? "0" : whole, digits[at..].TrimEnd('0'));
    }

    /// <summary>A non-negative whole number of a keyword; null where it is none.</summary>
    public static int? Count(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || Parse(value.GetRawText()) is not { Negative: false, IsInteger: true } number) return null;
        return int.TryParse(number.Whole, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int count)
            ? count
            : int.MaxValue - 1;
    }

    public override string ToString() => (Negative ? "-" : "") + Whole + (Fraction.Length == 0 ? "" : "." + Fraction);
}
