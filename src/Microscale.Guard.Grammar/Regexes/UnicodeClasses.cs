using System.Globalization;

namespace Microscale.Guard.Grammar;

/// <summary>The named sets of code points that patterns use.</summary>
internal static class UnicodeClasses
{
    private static readonly Lazy<Dictionary<string, CodePointSet>> s_categories = new(ReadCategories);

    public static CodePointSet Digit { get; } = CodePointSet.Of([('0', '9')]);

    public static CodePointSet Word { get; } = CodePointSet.Of([('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')]);

    public static CodePointSet Space { get; } = CodePointSet.OfChars(
        "\t\n\v\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF");

    /// <summary>All but the ends of lines.</summary>
    public static CodePointSet Dot { get; } = CodePointSet.OfChars("\n\r\u2028\u2029").Complement();

    /// <summary>A general category of Unicode by its short or long name, or null.</summary>
    public static CodePointSet? Category(string name)
    {
        var value = name.Split('=') switch
        {
            [var only] => only,
            ["gc" or "General_Category", var category] => category,
            _ => name,
        };
        return value switch
        {
            "Any" => CodePointSet.All,
            "ASCII" => CodePointSet.Of([(0, 0x7F)]),
            _ => s_categories.Value.GetValueOrDefault(value),
        };
    }

    private static Dictionary<string, CodePointSet> ReadCategories()
    {
        var ranges = new List<(int First, int Last)>[30];
        for (var i = 0; i < ranges.Length; i++)
        {
            ranges[i] = [];
        }

        for (var first = 0; first <= 0x10FFFF;)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(first);
            var end = first + 1;
            while (end <= 0x10FFFF && CharUnicodeInfo.GetUnicodeCategory(end) == category)
            {
                end++;
            }

            ranges[(int)category].Add((first, end - 1));
            first = end;
        }

        var sets = new Dictionary<string, CodePointSet>(StringComparer.Ordinal);
        foreach (var (names, categories) in s_names)
        {
            var set = CodePointSet.Of(categories.SelectMany(c => ranges[(int)c]));
            foreach (var name in names.Split(' '))
            {
                sets[name] = set;
            }
        }

        return sets;
    }

    private static readonly (string Names, UnicodeCategory[] Categories)[] s_names =
    [
        ("Lu Uppercase_Letter", [UnicodeCategory.UppercaseLetter]),
        ("Ll Lowercase_Letter", [UnicodeCategory.LowercaseLetter]),
        ("Lt Titlecase_Letter", [UnicodeCategory.TitlecaseLetter]),
        ("Lm Modifier_Letter", [UnicodeCategory.ModifierLetter]),
        ("Lo Other_Letter", [UnicodeCategory.OtherLetter]),
        ("LC Cased_Letter", [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter]),
        ("L Letter", [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter, UnicodeCategory.ModifierLetter, UnicodeCategory.OtherLetter]),
        ("Mn Nonspacing_Mark", [UnicodeCategory.NonSpacingMark]),
        ("Mc Spacing_Mark", [UnicodeCategory.SpacingCombiningMark]),
        ("Me Enclosing_Mark", [UnicodeCategory.EnclosingMark]),
        ("M Mark Combining_Mark", [UnicodeCategory.NonSpacingMark, UnicodeCategory.SpacingCombiningMark, UnicodeCategory.EnclosingMark]),
        ("Nd Decimal_Number digit", [UnicodeCategory.DecimalDigitNumber]),
        ("Nl Letter_Number", [UnicodeCategory.LetterNumber]),
        ("No Other_Number", [UnicodeCategory.OtherNumber]),
        ("N Number", [UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.OtherNumber]),
        ("Pc Connector_Punctuation", [UnicodeCategory.ConnectorPunctuation]),
        ("Pd Dash_Punctuation", [UnicodeCategory.DashPunctuation]),
        ("Ps Open_Punctuation", [UnicodeCategory.OpenPunctuation]),
        ("Pe Close_Punctuation", [UnicodeCategory.ClosePunctuation]),
        ("Pi Initial_Punctuation", [UnicodeCategory.InitialQuotePunctuation]),
        ("Pf Final_Punctuation", [UnicodeCategory.FinalQuotePunctuation]),
        ("Po Other_Punctuation", [UnicodeCategory.OtherPunctuation]),
        ("P Punctuation punct", [UnicodeCategory.ConnectorPunctuation, UnicodeCategory.DashPunctuation, UnicodeCategory.OpenPunctuation, UnicodeCategory.ClosePunctuation, UnicodeCategory.InitialQuotePunctuation, UnicodeCategory.FinalQuotePunctuation, UnicodeCategory.OtherPunctuation]),
        ("Sm Math_Symbol", [UnicodeCategory.MathSymbol]),
        ("Sc Currency_Symbol", [UnicodeCategory.CurrencySymbol]),
        ("Sk Modifier_Symbol", [UnicodeCategory.ModifierSymbol]),
        ("So Other_Symbol", [UnicodeCategory.OtherSymbol]),
        ("S Symbol", [UnicodeCategory.MathSymbol, UnicodeCategory.CurrencySymbol, UnicodeCategory.ModifierSymbol, UnicodeCategory.OtherSymbol]),
        ("Zs Space_Separator", [UnicodeCategory.SpaceSeparator]),
        ("Zl Line_Separator", [UnicodeCategory.LineSeparator]),
        ("Zp Paragraph_Separator", [UnicodeCategory.ParagraphSeparator]),
        ("Z Separator", [UnicodeCategory.SpaceSeparator, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator]),
        ("Cc Control cntrl", [UnicodeCategory.Control]),
        ("Cf Format", [UnicodeCategory.Format]),
        ("Co Private_Use", [UnicodeCategory.PrivateUse]),
        ("Cn Unassigned", [UnicodeCategory.OtherNotAssigned]),
        ("C Other", [UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.PrivateUse, UnicodeCategory.OtherNotAssigned]),
    ];
}
