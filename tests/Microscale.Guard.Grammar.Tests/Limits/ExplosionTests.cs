using System.Text;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Grammars that are built to explode: each ends within its limits or with an error that names one.</summary>
public class ExplosionTests
{
    [Theory]
    [InlineData("[ab]*a[ab]{13}")]
    [InlineData("[ab]*a[ab]{200}")]
    [InlineData("(a*)*(a*)*b")]
    [InlineData("((a{0,100}){0,100}){0,100}b")]
    [InlineData("(a|aa){0,100000}b")]
    [InlineData("(a?){1000}a{1000}")]
    [InlineData("(.*a){30}")]
    [InlineData("(?=.*a.{20}b)(?=.*b.{20}a)(?!.*aa.{9}bb)[ab]{3,500}")]
    [InlineData("\\p{L}{1,1000000}(\\p{Lu}|\\p{Nd}){3,5}")]
    public void FromRegex_AdversarialPattern_StaysWithinLimits(string pattern) => Follow(GrammarDefinition.FromRegex(pattern));

    [Theory]
    [InlineData("root ::= root root | \"a\" | \"\"")]
    [InlineData("root ::= root root root | \"a\" | \"b\"")]
    [InlineData("root ::= \"a\" root \"a\" | \"a\" root \"b\" | \"\"")]
    [InlineData("root ::= x root x | \"a\"\nx ::= \"a\" | root | \"\"")]
    [InlineData("root ::= \"a\" root | \"a\"")]
    [InlineData("root ::= (((\"a\"{0,9} \"b\"?){0,9} root?){0,9}){0,9}")]
    public void FromGbnf_AmbiguousGrammar_StaysWithinLimits(string grammar) => Follow(GrammarDefinition.FromGbnf(grammar));

    [Fact]
    public void FromGbnf_DeepNesting_IsFollowedOrRefused() => Follow(GrammarDefinition.FromGbnf("root ::= \"a\" root? \"b\""), 3000);

    [Fact]
    public void FromGbnf_HugeBounds_NameTheLimit()
    {
        var error = Assert.Throws<GrammarLimitException>(() =>
            Vocabularies.Compile(GrammarDefinition.FromGbnf("root ::= x{1,1000000}\nx ::= \"a\" x | \"b\"")));
        Assert.Contains(nameof(GrammarLimits.MaxGrammarSize), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromLark_TerminalsThatDouble_NameTheLimit()
    {
        var grammar = new StringBuilder("start: T0\n");
        for (var i = 0; i < 40; i++)
        {
            grammar.Append(System.Globalization.CultureInfo.InvariantCulture, $"T{i}: T{i + 1} T{i + 1}\n");
        }

        grammar.Append("T40: \"a\" \"b\"?");
        var error = Assert.Throws<GrammarLimitException>(() => Vocabularies.Compile(GrammarDefinition.FromLark(grammar.ToString())));
        Assert.Contains(nameof(GrammarLimits), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("(?:", ")?")]
    [InlineData("(?=", ")")]
    public void FromRegex_NestedTooDeeply_IsAnErrorAndNoCrash(string open, string close)
    {
        var pattern = string.Concat(Enumerable.Repeat(open, 100_000)) + "a" + string.Concat(Enumerable.Repeat(close, 100_000));
        Assert.Throws<GrammarLimitException>(() => Vocabularies.Compile(GrammarDefinition.FromRegex(pattern)));
    }

    [Fact]
    public void FromChoices_ManyLongTexts_AreFollowed()
    {
        var shared = new string('a', 20_000);
        Follow(GrammarDefinition.FromChoices(Enumerable.Range(0, 20).Select(i => shared + i)));
        Follow(GrammarDefinition.FromChoices(Enumerable.Range(0, 20_000).Select(i => $"a{i}b")));
    }

    private static void Follow(GrammarDefinition definition, int steps = 300)
    {
        try
        {
            var matcher = Vocabularies.Compile(definition).CreateMatcher();
            for (var i = 0; i < steps && !matcher.IsFinished; i++)
            {
                var text = Vocabularies.Allowed(matcher).Replace("<end>", "", StringComparison.Ordinal);
                Assert.NotEmpty(text);
                Assert.True(matcher.TryAccept(text.Contains('a', StringComparison.Ordinal) ? 'a' : text[0] < 0x80 ? text[0] : throw new InvalidOperationException(text)));
            }
        }
        catch (GrammarLimitException e)
        {
            Assert.Contains(nameof(GrammarLimits), e.Message, StringComparison.Ordinal);
        }
    }
}
