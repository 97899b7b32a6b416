using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class ClaimSplitterTests
{
    private const string Question = "When did Apollo 8 fly?";

    [Theory]
    [InlineData("Paris is the capital. It has two million people.", "Paris is the capital.", "It has two million people.")]
    [InlineData("- Paris lies on the Seine.\n* Rome lies on the Tiber.\n", "Paris lies on the Seine.", "Rome lies on the Tiber.")]
    [InlineData("1. Paris is very big.\n2) Rome is very old.", "Paris is very big.", "Rome is very old.")]
    [InlineData("7) That is one of them.", "That is one of them.")]
    [InlineData("7. That is how many there were.", "7. That is how many there were.")]
    [InlineData("The tower is 300 m high [1]. [2, 3]", "The tower is 300 m high [1].")]
    [InlineData("The tower is high.【4】 It is in Paris.", "The tower is high.", "It is in Paris.")]
    [InlineData("# Heading says Paris is big\n\n---\n", "Heading says Paris is big")]
    [InlineData("| City | has a river |\n|---|---|\n", "City | has a river")]
    [InlineData("Hello! The tower is in Paris. Let me know if you need anything else.", "The tower is in Paris.")]
    [InlineData("Did you know it flew in 1968?", "Did you know it flew in 1968?")]
    [InlineData("Did you know that Carlos Drummond flew?", "Did you know that Carlos Drummond flew?")]
    [InlineData("東京は首都ですか？", "東京は首都ですか？")]
    [InlineData("```\nx = 2013\n```", "```\nx = 2013\n```")]
    [InlineData("東京は首都です。大阪は大きい！", "東京は首都です。", "大阪は大きい！")]
    [InlineData("¿Es verdad que Madrid es grande? ¡Madrid es muy grande! Roma es vieja.", "¿Es verdad que Madrid es grande?", "¡Madrid es muy grande!", "Roma es vieja.")]
    [InlineData("القاهرة كبيرة جدا. هل هي عاصمة مصر؟ نعم هي العاصمة", "القاهرة كبيرة جدا.", "هل هي عاصمة مصر؟", "نعم هي العاصمة")]
    [InlineData("दिल्ली बहुत बड़ी है। मुंबई भी बड़ी है।", "दिल्ली बहुत बड़ी है।", "मुंबई भी बड़ी है।")]
    [InlineData("Paris is the capital of France, and Rome is the capital of Italy [1].", "Paris is the capital of France", "Rome is the capital of Italy [1].")]
    public void Split_Answer_GivesTheseSpans(string answer, params string[] spans)
    {
        var claims = ClaimSplitter.Split(answer, "Where is it?");
        Assert.Equal(spans, claims.Select(c => answer.Substring(c.Start, c.Length)));
    }

    [Theory]
    [InlineData("I don't know.")]
    [InlineData("I’m not sure.")]
    [InlineData("I'm sorry, but I don't know the answer to that question.")]
    [InlineData("I do not have enough information to answer that.")]
    [InlineData("Hello!")]
    [InlineData("Let me know if you need anything else.")]
    [InlineData("How can I help you today?")]
    [InlineData("Would you like to hear more?")]
    [InlineData("Thank you!")]
    [InlineData("That’s really interesting!")]
    [InlineData("Das weiß ich nicht.")]
    [InlineData("¡Hola!")]
    [InlineData("我不知道。")]
    [InlineData("Sure!")]
    [InlineData("Here are the key facts:")]
    [InlineData("---")]
    [InlineData("🙂 …")]
    [InlineData("")]
    public void Split_WhatStatesNothing_GivesNoClaim(string answer) => Assert.Empty(ClaimSplitter.Split(answer, Question));

    [Theory]
    [InlineData("I don't know, but it was 1968.")]
    [InlineData("I'm not sure about Paris being the capital.")]
    [InlineData("Hello 1968!")]
    [InlineData("Sorry, he won the prize.")]
    [InlineData("No.")]
    [InlineData("Yes!")]
    [InlineData("Here are the facts about Carlos Drummond:")]
    public void Split_WhatOnlyResemblesSmallTalk_GivesAClaim(string answer) => Assert.Single(ClaimSplitter.Split(answer, Question));

    [Theory]
    [InlineData("The answer is: Frank Borman and Jim Lovell.", "When did Apollo 8 fly? Frank Borman and Jim Lovell.")]
    [InlineData("The correct answer to this question is that Apollo 8 went there in 1968.", "Apollo 8 went there in 1968.")]
    [InlineData("It flew in 1968 around the Moon.", "When did Apollo 8 fly? It flew in 1968 around the Moon.")]
    [InlineData("The answer is.", "When did Apollo 8 fly? The answer is.")]
    public void Split_WhatIsSaidOnlyInReply_GoesWithTheQuestion(string answer, string text) =>
        Assert.Equal(text, Assert.Single(ClaimSplitter.Split(answer, Question)).Text);

    [Fact]
    public void Split_YesWithoutAQuestion_StatesNothing() =>
        Assert.Equal("Paris is very big.", Assert.Single(ClaimSplitter.Split("Yes. Paris is very big.", "")).Text);

    [Theory]
    [InlineData("Paris is big [1]. Rome is old.[2, 3] It is [4] so then 【5】.", "1|2,3|4,5")]
    [InlineData("Paris is big [1-3][^7].", "1,2,3,7")]
    [InlineData("Paris is big [see](1) and [a1].", "")]
    [InlineData("Paris is the capital of France, and Rome is the capital of Italy [2].", "2|2")]
    public void Split_CitationMarkers_AreTheClaims(string answer, string citations) =>
        Assert.Equal(citations, string.Join('|', ClaimSplitter.Split(answer, "").Select(c => string.Join(',', c.Citations))));

    [Fact]
    public void Split_AssentToAYesNoQuestion_IsAClaim() =>
        Assert.Equal("Did he win? Sure!", Assert.Single(ClaimSplitter.Split("Sure!", "Did he win?")).Text);

    [Theory]
    [InlineData("1968.", "When did Apollo 8 fly? 1968.")]
    [InlineData("Paris", "When did Apollo 8 fly? Paris")]
    [InlineData("In late December of 1968.", "When did Apollo 8 fly? In late December of 1968.")]
    [InlineData("It flew in late 1968.", "When did Apollo 8 fly? It flew in late 1968.")]
    [InlineData("The crew was in orbit.", "The crew was in orbit.")]
    [InlineData("Apollo orbits the Moon there.", "Apollo orbits the Moon there.")]
    public void Split_Fragment_IsCompletedWithTheQuestionAndKeepsItsSpan(string answer, string text)
    {
        var claim = Assert.Single(ClaimSplitter.Split(answer, "You know space. When did Apollo 8 fly? Please be short."));
        Assert.Equal((text, 0, answer.Length), (claim.Text, claim.Start, claim.Length));
    }

    [Fact]
    public void Split_FragmentWithoutQuestion_StandsAlone() => Assert.Equal("1968.", Assert.Single(ClaimSplitter.Split("1968.", "")).Text);

    [Fact]
    public void Split_NumberThatAnswers_IsNotAListMarker()
    {
        Assert.Equal(0, Assert.Single(ClaimSplitter.Split("1. There is only the Moon.", "How many moons are there?")).Start);
        Assert.Equal(3, Assert.Single(ClaimSplitter.Split("1. There is only the Moon.", "Which moons are there?")).Start);
    }

    [Fact]
    public void Split_MarkersAndEmphasis_AreNotInTheText() =>
        Assert.Equal(
            ["The tower is 300 m and high", "2 * 3 is 6."],
            ClaimSplitter.Split("The **tower** [1] is `300 m`\nand *high* [2], and 2 * 3 is 6.", "").Select(c => c.Text));

    [Fact]
    public void Split_AnyText_GivesOrderedSpansThatHoldEveryDigit()
    {
        string[] known = ["Paris is big. ", "1968", ". ", "Hello! ", "\n- ", "\n1. ", "\n2. ", "[1]", " ", "# ", "| ", "it was ", "?", "```\n", "**", "😀", "I don't know. ", "é"];
        Gen.Int[0, known.Length - 1].Select(i => known[i]).Array[0, 30].Select(string.Concat).Sample(
            answer =>
            {
                var end = 0;
                var covered = new bool[answer.Length];
                foreach (var claim in ClaimSplitter.Split(answer, "What is it?"))
                {
                    Assert.InRange(claim.Start, end, answer.Length);
                    Assert.InRange(claim.Length, 1, answer.Length - claim.Start);
                    end = claim.End;
                    var words = answer.Substring(claim.Start, claim.Length);
                    Assert.Equal(words.Trim(), words);
                    covered.AsSpan(claim.Start, claim.Length).Fill(true);
                }

                for (var at = answer.IndexOf("1968", StringComparison.Ordinal); at >= 0; at = answer.IndexOf("1968", at + 1, StringComparison.Ordinal))
                {
                    Assert.DoesNotContain(false, covered[at..(at + 4)]);
                }
            },
            iter: 5_000);
    }
}
