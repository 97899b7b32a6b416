using System.Text;

namespace Microscale.Guard.Grammar.Tests;

public class AnswerOrAbstainTests
{
    private static readonly AnswerOrAbstain s_choice = AnswerOrAbstain.ForChoices(["1906", "1911"]);

    [Theory]
    [InlineData("{\"answer\": \"1906\"}", true)]
    [InlineData("{\"answer\": \"1907\"}", false)]
    [InlineData("{\"unknown\": \"The sources say nothing.\"}", true)]
    [InlineData("{\"unknown\": \"\"}", false)]
    [InlineData("{\"unknown\": \"1906\", \"answer\": \"1906\"}", false)]
    public void Definition_Choice_AllowsAnswersAndReasons(string text, bool accepted) =>
        Assert.Equal(accepted, Vocabularies.Accepts(Vocabularies.Compile(s_choice.Definition), text));

    [Fact]
    public void Read_Texts_AreAnswersOrAbstentions()
    {
        Assert.Equal(new AbstainableAnswer("1906", null), s_choice.Read("{\"answer\": \"1906\"}"));
        Assert.Equal(new AbstainableAnswer(null, "no"), s_choice.Read("{\"unknown\": \"no\"}"));
        Assert.True(s_choice.Read("{\"unknown\": \"no\"}").IsAbstention);
        Assert.Equal("{\"a\":1}", AnswerOrAbstain.ForJson(GrammarDefinition.FromRegex(".*")).Read("{\"answer\": {\"a\":1}}").Answer);
        Assert.Throws<FormatException>(() => s_choice.Read("{\"answer\": \"19"));
        Assert.Throws<FormatException>(() => s_choice.Read("{\"answer\": 3}"));
    }

    [Fact]
    public void BranchAt_AfterTheForcedBeginning_SplitsTheTokens()
    {
        var matcher = Vocabularies.Compile(s_choice.Definition).CreateMatcher();
        Assert.Null(AnswerOrAbstain.BranchAt(matcher));
        Accept(matcher, "{\"");

        var branch = AnswerOrAbstain.BranchAt(matcher)!;
        Assert.Equal(["a", "answer", "ans"], Names(matcher, branch.AnswerTokens));
        Assert.Equal(["u", "unknown", "un"], Names(matcher, branch.AbstainTokens));

        Accept(matcher, "ans");
        Assert.Null(AnswerOrAbstain.BranchAt(matcher));
    }

    [Fact]
    public void AnswerProbability_Logits_IsTheShareOfTheAnsweringTokens()
    {
        var matcher = Vocabularies.Compile(s_choice.Definition).CreateMatcher();
        Accept(matcher, "{\"");
        var logits = new float[matcher.Grammar.Vocabulary.Count];
        Array.Fill(logits, 50f);
        foreach (var (name, probability) in new[] { ("a", 0.1), ("ans", 0.1), ("answer", 0.1), ("u", 0.05), ("un", 0.025), ("unknown", 0.025) })
        {
            logits[Id(matcher, name)] = (float)Math.Log(probability);
        }

        Assert.Equal(0.75, AnswerOrAbstain.BranchAt(matcher)!.AnswerProbability(logits), 5);
    }

    [Fact]
    public void ForChoices_NamedReasons_AllowOnlyThose()
    {
        var wrapped = AnswerOrAbstain.ForRegex("[0-9]+", new AnswerOrAbstainOptions { Reasons = { "no evidence", "ambiguous" } });
        var grammar = Vocabularies.Compile(wrapped.Definition);
        Assert.True(Vocabularies.Accepts(grammar, "{\"unknown\": \"ambiguous\"}"));
        Assert.False(Vocabularies.Accepts(grammar, "{\"unknown\": \"other\"}"));
    }

    private static int Id(GrammarMatcher matcher, string name) =>
        Enumerable.Range(0, matcher.Grammar.Vocabulary.Count).Last(t => matcher.Grammar.Vocabulary[t].Span.SequenceEqual(Encoding.UTF8.GetBytes(name)));

    private static void Accept(GrammarMatcher matcher, string name) => Assert.True(matcher.TryAccept(Id(matcher, name)));

    private static List<string> Names(GrammarMatcher matcher, ReadOnlySpan<uint> tokens)
    {
        var names = new List<string>();
        for (var token = 0; token < matcher.Grammar.Vocabulary.Count; token++)
        {
            if ((tokens[token >> 5] >> token & 1) != 0)
            {
                names.Add(Encoding.UTF8.GetString(matcher.Grammar.Vocabulary[token].Span));
            }
        }

        return names;
    }
}
