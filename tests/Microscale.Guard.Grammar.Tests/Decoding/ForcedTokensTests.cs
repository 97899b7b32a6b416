using System.Text;
using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

public class ForcedTokensTests
{
    [Fact]
    public void ForcedTokens_OneTextOnly_AreThoseOfTheTokenizer()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("\\{\"name\": \"(x|y)\"\\}")).CreateMatcher();
        var forced = matcher.ForcedTokens();
        Assert.Equal("{\"|name|\": \"", string.Join('|', forced.Select(t => Encoding.UTF8.GetString(matcher.Grammar.Vocabulary[t].Span))));
        Assert.All(forced, t => Assert.True(matcher.TryAccept(t)));
        Assert.Empty(matcher.ForcedTokens());
    }

    [Fact]
    public void ForcedTokens_LongerTokenPossible_AreLeftToTheModel()
    {
        // After {" both names go on with "a": the token for it must not be forced when "ab" may be meant.
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("\\{\"a(b|c)")).CreateMatcher();
        Assert.Equal(["{\""], matcher.ForcedTokens().Select(t => Encoding.UTF8.GetString(matcher.Grammar.Vocabulary[t].Span)));
    }

    [Fact]
    public void ForcedTokens_TextMayEnd_AreNone()
    {
        var matcher = Vocabularies.Compile(GrammarDefinition.FromRegex("a?")).CreateMatcher();
        Assert.Empty(matcher.ForcedTokens());
    }

    [Fact]
    public void ForcedTokens_RandomGrammar_ChangeNothing() =>
        Gen.Select(RandomGrammars.Grammar, Gen.Int[0, int.MaxValue].Array[6]).Sample(
            (rules, choices) =>
            {
                if (!PlainRecognizer.Recognize(rules, []).BeginsText)
                {
                    return;
                }

                var matcher = Vocabularies.Compile(RandomGrammars.ToDefinition(rules)).CreateMatcher();
                byte[] text = [];
                foreach (var choice in choices)
                {
                    foreach (var forced in matcher.ForcedTokens())
                    {
                        // No other byte than the first of the token may come next, and the text may not end.
                        var bytes = Enumerable.Range(0, 256).Where(b => PlainRecognizer.Recognize(rules, [.. text, (byte)b]).BeginsText).ToList();
                        Assert.Equal([matcher.Grammar.Vocabulary[forced].Span[0]], bytes);
                        Assert.False(PlainRecognizer.Recognize(rules, text).IsText);
                        Assert.True(matcher.TryAccept(forced));
                        text = [.. text, .. matcher.Grammar.Vocabulary[forced].Span];
                    }

                    var next = Enumerable.Range(0, 256).Where(matcher.IsAllowed).ToList();
                    if (next.Count == 0)
                    {
                        return;
                    }

                    text = [.. text, (byte)next[choice % next.Count]];
                    Assert.True(matcher.TryAccept(next[choice % next.Count]));
                }
            },
            iter: 100);
}
