using System.Globalization;

namespace Microscale.Guard.Grammar;

/// <summary>
/// Sets of numbers as sets of their decimal texts without exponent. A set holds all spellings of a value (1, 1.0, 1.00) or
/// none, so that complements and intersections of texts are those of values. Zero has no sign.
/// </summary>
internal sealed class NumberTexts
{
    private readonly RegexBuilder _regexes;
    private readonly RegexNode _digit;
    private readonly RegexNode _digits;
    private readonly RegexNode _nonZero;
    private readonly RegexNode _minus;
    private readonly RegexNode _point;
    private readonly RegexNode _zeros;
    private readonly RegexNode _anyFraction;
    private readonly RegexNode _noFraction;
    private readonly RegexNode _someFraction;
    private readonly RegexNode _magnitude;
    private readonly RegexNode _positive;

    public NumberTexts(RegexBuilder regexes)
    {
        _regexes = regexes;
        _digit = Range('0', '9');
        _digits = regexes.Repeat(_digit, 0);
        _nonZero = Range('1', '9');
        _minus = regexes.Literal("-");
        _point = regexes.Literal(".");
        _zeros = regexes.Repeat(Range('0', '0'), 0);
        _anyFraction = regexes.Optional(regexes.Concat(_point, regexes.Repeat(_digit, 1)));
        _noFraction = regexes.Optional(regexes.Concat(_point, regexes.Repeat(Range('0', '0'), 1)));
        _someFraction = regexes.Concat(_point, _digits, _nonZero, _digits);
        var whole = regexes.Or(Range('0', '0'), regexes.Concat(_nonZero, _digits));
        _magnitude = regexes.Concat(whole, _anyFraction);
        _positive = regexes.Or(regexes.Concat(_nonZero, _digits, _anyFraction), regexes.Concat(Range('0', '0'), _someFraction));
        All = Signed(_magnitude, _positive);
        Integers = Signed(regexes.Concat(whole, _noFraction), regexes.Concat(_nonZero, _digits, _noFraction));
        WithoutPoint = Signed(whole, regexes.Concat(_nonZero, _digits));
        WithExponent = regexes.Concat(regexes.Optional(_minus), whole, _anyFraction, regexes.Optional(
            regexes.Concat(regexes.Bytes(ByteSet.Of("eE")), regexes.Optional(regexes.Bytes(ByteSet.Of("+-"))), regexes.Repeat(_digit, 1, 3))));
    }

    public RegexNode All { get; }

    /// <summary>Whole numbers, also as 1.0.</summary>
    public RegexNode Integers { get; }

    /// <summary>Texts without a point: how whole numbers are written.</summary>
    public RegexNode WithoutPoint { get; }

    /// <summary>Any JSON number.</summary>
    public RegexNode WithExponent { get; }

    /// <summary>All spellings of some values.</summary>
    public RegexNode Spellings(IReadOnlyList<string> values)
    {
        var groups = values.ToLookup(value => value.Contains('.', StringComparison.Ordinal));
        return _regexes.Or(
            _regexes.Concat(_regexes.Literals(groups[false]), _noFraction),
            _regexes.Concat(_regexes.Literals(groups[true]), _zeros));
    }

    public RegexNode AtLeast(JsonDecimal bound, bool exclusive)
    {
        if (!bound.Negative) return AtLeastMagnitude(bound, exclusive);
        return Signed(_magnitude, _regexes.And(_positive, AtMostMagnitude(bound, exclusive)));
    }

    public RegexNode AtMost(JsonDecimal bound, bool exclusive)
    {
        if (!bound.Negative) return Signed(AtMostMagnitude(bound, exclusive), _positive);
        return _regexes.Concat(_minus, AtLeastMagnitude(bound, exclusive));
    }

    /// <summary>Multiples of a positive number; null where it has too many digits.</summary>
    public RegexNode? MultiplesOf(JsonDecimal divisor)
    {
        if (!long.TryParse(divisor.Whole + divisor.Fraction, NumberStyles.None, CultureInfo.InvariantCulture, out long coefficient)) return null;
        var multiples = _regexes.MultipleOf(coefficient, divisor.Fraction.Length);
        return Signed(_regexes.And(_magnitude, multiples), _regexes.And(_positive, multiples));
    }

    private RegexNode AtLeastMagnitude(JsonDecimal bound, bool exclusive)
    {
        string whole = bound.Whole;
        // From the last digit to the first: what follows when all digits so far are those of the bound.
        var tail = FractionAtLeast(bound.Fraction, exclusive);
        for (int i = whole.Length - 1; i >= 0; i--)
        {
            var more = _regexes.Concat(Above(whole[i]), Times(whole.Length - 1 - i), _anyFraction);
            tail = _regexes.Or(_regexes.Concat(Exactly(whole[i]), tail), more);
        }

        var longer = _regexes.Concat(_nonZero, _regexes.Repeat(_digit, whole.Length), _anyFraction);
        return _regexes.Or(tail, longer);
    }

    private RegexNode AtMostMagnitude(JsonDecimal bound, bool exclusive)
    {
        string whole = bound.Whole;
        var tail = FractionAtMost(bound.Fraction, exclusive);
        for (int i = whole.Length - 1; i >= 0; i--)
        {
            // A longer number never begins with zero.
            var below = i == 0 && whole.Length > 1 ? Between('1', (char)(whole[0] - 1)) : Between('0', (char)(whole[i] - 1));
            var less = _regexes.Concat(below, Times(whole.Length - 1 - i), _anyFraction);
            tail = _regexes.Or(_regexes.Concat(Exactly(whole[i]), tail), less);
        }

        if (whole.Length == 1) return tail;
        var shorter = _regexes.Concat(
            _regexes.Or(Range('0', '0'), _regexes.Concat(_nonZero, _regexes.Repeat(_digit, 0, whole.Length - 2))), _anyFraction);
        return _regexes.Or(tail, shorter);
    }

    /// <summary>The point and digits of a fraction that is at least another.</summary>
    private RegexNode FractionAtLeast(string digits, bool exclusive)
    {
        if (digits.Length == 0) return exclusive ? _someFraction : _anyFraction;
        var tail = exclusive ? _regexes.Concat(_digits, _nonZero, _digits) : _digits;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            var more = _regexes.Concat(Above(digits[i]), _digits);
            tail = _regexes.Or(_regexes.Concat(Exactly(digits[i]), tail), more);
        }

        return _regexes.Concat(_point, tail);
    }

    private RegexNode FractionAtMost(string digits, bool exclusive)
    {
        if (digits.Length == 0) return exclusive ? _regexes.Empty : _noFraction;
        var tail = exclusive ? _regexes.Empty : _zeros;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            var less = _regexes.Concat(Between('0', (char)(digits[i] - 1)), _digits);
            tail = _regexes.Or(_regexes.Concat(Exactly(digits[i]), tail), less);
            // Fewer digits are less: the bound does not end in zeros.
            if (i > 0) tail = _regexes.Optional(tail);
        }

        return _regexes.Optional(_regexes.Concat(_point, tail));
    }

    private RegexNode Signed(RegexNode magnitudes, RegexNode negatives) => _regexes.Or(magnitudes, _regexes.Concat(_minus, negatives));

    private RegexNode Times(int count) => _regexes.Repeat(_digit, count, count);

    private RegexNode Exactly(char digit) => Range(digit, digit);

    private RegexNode Above(char digit) => Between((char)(digit + 1), '9');

    private RegexNode Between(char first, char last) => first > last ? _regexes.Empty : Range(first, last);

    private RegexNode Range(char first, char last) => _regexes.Bytes(ByteSet.Range((byte)first, (byte)last));
}
