namespace Microscale.Guard.Grammar.Tests;

public class GrammarMatcherTests
{
    private static readonly int s_end = Vocabularies.Bytes.EndTokens[0];

    [Fact]
    public void TryAccept_WrongToken_ChangesNothing()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromChoices(["ab", "ac"])).CreateMatcher();
        Assert.True(matcher.TryAccept('a'));
        Assert.False(matcher.TryAccept('x'));
        Assert.False(matcher.TryAccept(s_end));
        Assert.Equal("bc", Vocabularies.Allowed(matcher));
        Assert.Equal(1, matcher.Count);
    }

    [Fact]
    public void TryAccept_EndToken_EndsTheText()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("a+")).CreateMatcher();
        Assert.True(matcher.TryAccept('a'));
        Assert.False(matcher.IsFinished);
        Assert.Equal("<end>a", Vocabularies.Allowed(matcher));
        Assert.True(matcher.TryAccept(s_end));
        Assert.True(matcher.IsFinished);
        Assert.Equal("", Vocabularies.Allowed(matcher));
        Assert.False(matcher.TryAccept('a'));
        Assert.Empty(matcher.ForcedTokens());
    }

    [Fact]
    public void IsFinished_NothingCanFollow_IsTrueWithoutAnEndToken()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("ab")).CreateMatcher();
        Assert.True(matcher.TryAccept('a') && matcher.TryAccept('b'));
        Assert.True(matcher.IsFinished);
        Assert.Equal("<end>", Vocabularies.Allowed(matcher));
    }

    [Fact]
    public void Rollback_Tokens_ComesBackToTheSamePoint()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("ab*c")).CreateMatcher();
        Assert.True(matcher.TryAccept('a') && matcher.TryAccept('c') && matcher.TryAccept(s_end));
        matcher.Rollback(2);
        Assert.Equal("bc", Vocabularies.Allowed(matcher));
        matcher.Rollback(1);
        Assert.Equal("a", Vocabularies.Allowed(matcher));
        Assert.Throws<ArgumentOutOfRangeException>(() => matcher.Rollback(1));
    }

    [Fact]
    public void Clone_GoesItsOwnWay()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("ab|ac")).CreateMatcher();
        Assert.True(matcher.TryAccept('a'));
        var clone = matcher.Clone();
        Assert.True(clone.TryAccept('b'));
        Assert.Equal("bc", Vocabularies.Allowed(matcher));
        Assert.Equal("<end>", Vocabularies.Allowed(clone));
    }

    [Fact]
    public async Task AllowedTokens_ManyMatchersAtOnce_AreTheSame()
    {
        var grammar = Vocabularies.Compile(GrammarDefinition.FromRegex("(\"[a-z]{0,20}\"|[0-9]{1,5}|true|false)(, (x|y|zz)){0,9}"), new GrammarLimits { MaxCachedStates = 30 });
        var alone = Walk(Vocabularies.Compile(GrammarDefinition.FromRegex("(\"[a-z]{0,20}\"|[0-9]{1,5}|true|false)(, (x|y|zz)){0,9}")), 0);
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Walk(grammar, 0))));
        Assert.All(together, t => Assert.Equal(alone, t));
    }

    [Fact]
    public void Vocabulary_WithoutEnd_IsAnError() =>
        Assert.Throws<ArgumentException>(() => new TokenVocabulary([new byte[] { 1 }], []));

    [Fact]
    public void AllowedTokens_PlainTextOfBoundedLength_AreExact()
    {
        // Bounds that fall into all slices of free text, with tokens of several lengths around them.
        for (var bound = 0; bound < 40; bound++)
        {
            var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex($"\"[^\"\\n]{{0,{bound}}}\"a?")).CreateMatcher();
            Assert.True(matcher.TryAccept('"'));
            var vocabulary = matcher.Grammar.Vocabulary;
            for (var token = 0; token < vocabulary.Count; token++)
            {
                var text = System.Text.Encoding.Latin1.GetString(vocabulary[token].Span);
                var body = text.Split('"')[0];
                var expected = !vocabulary.IsEnd(token) && !body.Contains('\n', StringComparison.Ordinal)
                    && (text.Contains('"', StringComparison.Ordinal) ? body.Length <= bound && text[(body.Length + 1)..] is "" or "a" : Fits(vocabulary[token].Span, bound));
                Assert.Equal(expected, (matcher.AllowedTokens()[token >> 5] >> token & 1) != 0);
            }
        }
    }

    /// <summary>Whether a token is at most as many characters, or the beginning of one.</summary>
    private static bool Fits(ReadOnlySpan<byte> bytes, int bound) =>
        bytes.Length == 1 && bytes[0] >= 0x80 ? bound > 0 && bytes[0] is >= 0xC2 and <= 0xF4 : bytes.Length <= bound;

    private static string Walk(CompiledGrammar grammar, int seed)
    {
        var text = new System.Text.StringBuilder();
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var matcher = grammar.CreateMatcher();
            while (!matcher.IsFinished)
            {
                var allowed = Vocabularies.Allowed(matcher).Replace("<end>", "", StringComparison.Ordinal);
                text.Append(allowed).Append(';');
                Assert.True(matcher.TryAccept(allowed[random.Next(allowed.Length)]));
            }
        }

        return text.ToString();
    }
}
