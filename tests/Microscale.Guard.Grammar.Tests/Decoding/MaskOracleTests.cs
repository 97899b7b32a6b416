using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

public class MaskOracleTests
{
    [Fact]
    public void AllowedTokens_RandomGrammar_AreThoseOfBruteForce() => Check(GrammarLimits.Default, 250);

    [Fact]
    public void AllowedTokens_CacheThatStartsAnewAllTheTime_AreThoseOfBruteForce() => Check(new GrammarLimits { MaxCachedStates = 1 }, 60);

    private static void Check(GrammarLimits limits, int count) =>
        Gen.Select(RandomGrammars.Grammar, RandomGrammars.Vocabulary, Gen.Int[0, int.MaxValue].Array[6]).Sample(
            (rules, vocabulary, choices) =>
            {
                if (!PlainRecognizer.Recognize(rules, []).BeginsText)
                {
                    Assert.Throws<GrammarSyntaxException>(() => CompiledGrammar.Compile(RandomGrammars.ToDefinition(rules), vocabulary, limits));
                    return;
                }

                var matcher = CompiledGrammar.Compile(RandomGrammars.ToDefinition(rules), vocabulary, limits).CreateMatcher();
                byte[] text = [];
                foreach (var choice in choices)
                {
                    var allowed = Enumerable.Range(0, vocabulary.Count).Where(t => (matcher.AllowedTokens()[t / 32] >> t % 32 & 1) != 0).ToList();
                    var expected = Expected(rules, vocabulary, text);
                    Assert.Equal(expected, allowed);
                    Assert.Equal(expected, Enumerable.Range(0, vocabulary.Count).Where(matcher.IsAllowed));
                    Assert.Equal(PlainRecognizer.Recognize(rules, text).IsText, matcher.IsAccepting);
                    var texts = allowed.Where(t => !vocabulary.IsEnd(t)).ToList();
                    Assert.True(texts.Count > 0 || matcher.IsFinished);
                    if (texts.Count == 0)
                    {
                        return;
                    }

                    var token = texts[choice % texts.Count];
                    Assert.False(matcher.IsFinished);
                    Assert.True(matcher.TryAccept(token));
                    text = [.. text, .. vocabulary[token].Span];
                }
            },
            iter: count,
            print: t => string.Join("\n", t.Item1.Select((r, i) => $"R{i} = {r}")));

    private static List<int> Expected(PlainGrammar[] rules, TokenVocabulary vocabulary, byte[] text)
    {
        var isText = PlainRecognizer.Recognize(rules, text).IsText;
        return [.. Enumerable.Range(0, vocabulary.Count).Where(t => vocabulary.IsEnd(t)
            ? isText
            : !vocabulary.IsSpecial(t) && PlainRecognizer.Recognize(rules, [.. text, .. vocabulary[t].Span]).BeginsText)];
    }
}
