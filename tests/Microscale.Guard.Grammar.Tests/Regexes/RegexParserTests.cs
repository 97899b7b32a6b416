using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

public class RegexParserTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parse_RandomPattern_MatchesWhatDotNetMatches(bool whole) =>
        Gen.Select(whole ? RandomPatterns.Plain : RandomPatterns.WithAssertions, RandomPatterns.Text.Array[12]).Sample(
            (pattern, texts) =>
            {
                var builder = new GrammarBuilder().Regexes;
                var node = builder.Parse(pattern, whole ? RegexMatch.Whole : RegexMatch.Anywhere);
                var regex = new Regex(whole ? $"\\A(?:{Translate(pattern)})\\z" : Translate(pattern), RegexOptions.CultureInvariant);
                foreach (var text in texts)
                {
                    Assert.Equal(regex.IsMatch(text.Replace("\U0001F600", "\uE000", StringComparison.Ordinal)), Matches(builder, node, text));
                }
            },
            iter: 1000);

    [Theory]
    [InlineData("a(b", 1, "not closed")]
    [InlineData("ab)", 2, "closes no group")]
    [InlineData("a\\1", 1, "backreferences")]
    [InlineData("a(?<=b)c", 1, "lookbehind")]
    [InlineData("a\\bc", 1, "word boundaries")]
    [InlineData("*a", 0, "repeats nothing")]
    [InlineData("a**", 2, "repetition of a repetition")]
    [InlineData("a{3,2}", 1, "wrong order")]
    [InlineData("a[z-a]", 2, "wrong order")]
    [InlineData("a[bc", 1, "not closed")]
    [InlineData("\\p{Greek}", 0, "general category")]
    [InlineData("(?i)a", 0, "inline flags")]
    [InlineData("(a|^)*", 0, "inside of a repetition")]
    [InlineData("a{99999999999}", 2, "larger than")]
    [InlineData("a\\q", 1, "not an escape")]
    public void Parse_WrongPattern_SaysWhere(string pattern, int position, string words)
    {
        var error = Assert.Throws<GrammarSyntaxException>(() => RegexParser.Parse(pattern));
        Assert.Equal(position, error.Position);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\d{4}-\\d\\d", "2024-01", true)]
    [InlineData("\\d", "٣", false)]
    [InlineData("\\p{Lu}\\p{Ll}+", "Élan", true)]
    [InlineData("\\P{L}", "x", false)]
    [InlineData("[\\w.-]+@\\x41\\u0042\\u{43}", "a-b.c@ABC", true)]
    [InlineData("(?<year>a)(?P<x>b)(?#comment)", "ab", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("[^]", "\n", true)]
    [InlineData("[]", "a", false)]
    [InlineData("\\uD83D\\uDE00", "\U0001F600", true)]
    public void Parse_Syntax_IsUnderstood(string pattern, string text, bool matches)
    {
        var builder = new GrammarBuilder().Regexes;
        Assert.Equal(matches, Matches(builder, builder.Parse(pattern, RegexMatch.Whole), text));
    }

    private static bool Matches(RegexBuilder builder, RegexNode node, string text) =>
        Encoding.UTF8.GetBytes(text).Aggregate(node, builder.Derive).Nullable;

    // .NET sees two characters beyond the basic plane, so another one stands for it; its dot matches more ends of lines.
    private static string Translate(string pattern) =>
        pattern.Replace("\U0001F600", "\uE000", StringComparison.Ordinal).Replace("\\w", "[0-9A-Za-z_]", StringComparison.Ordinal)
            .Replace(".", "[^\\n\\r\\u2028\\u2029]", StringComparison.Ordinal).Replace("$", "\\z", StringComparison.Ordinal);
}
