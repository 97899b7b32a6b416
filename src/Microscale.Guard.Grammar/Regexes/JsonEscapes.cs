namespace Microscale.Guard.Grammar;

/// <summary>How the characters of a text are written inside of a JSON string: as they are, with a short escape, or, for control
/// characters, as \u00XX. Other characters are never written as \uXXXX, so that a text has few spellings.</summary>
internal static class JsonEscapes
{
    public const int Body = 0;
    private const int Backslash = 1;
    private const int U = 2;
    private const int U0 = 3;
    private const int U00 = 4;
    private const int U000 = 5;
    private const int U001 = 6;

    private const string Short = "\"\\/bfnrt";
    private const string ShortMeaning = "\"\\/\b\f\n\r\t";

    private static readonly ByteSet s_plain = ~(ByteSet.Range(0, 0x1F) | ByteSet.Of("\"\\"));
    private static readonly ByteSet s_needEscape = ByteSet.Range(0, 0x1F) | ByteSet.Of("\"\\/");
    private static readonly ByteSet s_hex = ByteSet.Of("0123456789abcdefABCDEF");

    /// <summary>The sets whose members behave differently.</summary>
    public static IReadOnlyList<ByteSet> Alphabet { get; } =
        [s_plain, .. Short.Select(c => ByteSet.Of((byte)c)), ByteSet.Of((byte)'u'), .. "0123456789abcdef".Select(c => ByteSet.Of((byte)c) | ByteSet.Of((byte)char.ToUpperInvariant(c)))];

    public static ByteSet First(RegexNode node)
    {
        var first = node.Left!.First;
        return node.EscapeState switch
        {
            Body => (first & s_plain) | (first.Intersects(s_needEscape) ? ByteSet.Of((byte)'\\') : ByteSet.Empty),
            Backslash => ByteSet.Of(Short) | ByteSet.Of((byte)'u'),
            U or U0 => ByteSet.Of((byte)'0'),
            U00 => ByteSet.Of("01"),
            _ => s_hex,
        };
    }

    public static RegexNode Derive(RegexBuilder builder, RegexNode node, byte value)
    {
        var inner = node.Left!;
        switch (node.EscapeState)
        {
            case Body:
                return value == '\\' ? builder.JsonEscaped(inner, Backslash) : s_plain.Contains(value) ? Read(value) : builder.Empty;
            case Backslash:
                var at = Short.IndexOf((char)value, StringComparison.Ordinal);
                return at >= 0 ? Read((byte)ShortMeaning[at]) : value == 'u' ? builder.JsonEscaped(inner, U) : builder.Empty;
            case U:
                return value == '0' ? builder.JsonEscaped(inner, U0) : builder.Empty;
            case U0:
                return value == '0' ? builder.JsonEscaped(inner, U00) : builder.Empty;
            case U00:
                return value is (byte)'0' or (byte)'1' ? builder.JsonEscaped(inner, value == '0' ? U000 : U001) : builder.Empty;
            default:
                return s_hex.Contains(value)
                    ? Read((byte)((node.EscapeState == U001 ? 16 : 0) + Convert.ToInt32(((char)value).ToString(), 16)))
                    : builder.Empty;
        }

        RegexNode Read(byte decoded) => builder.JsonEscaped(builder.Derive(inner, decoded), Body);
    }
}
