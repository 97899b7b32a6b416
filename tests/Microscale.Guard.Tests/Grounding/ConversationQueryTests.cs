using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

public class ConversationQueryTests
{
    [Theory]
    [InlineData("Who was Marie Curie?", false)]
    [InlineData("And where is Elbrus?", false)]
    [InlineData("Elbrus?", false)]
    [InlineData("What happened in 1969?", false)]
    [InlineData("When was she born?", true)]
    [InlineData("What is its height?", true)]
    [InlineData("Why?", true)]
    [InlineData("And the population?", true)]
    public void LeansOnContext_Question_IsToldByPronounsAndNames(string question, bool expected) =>
        Assert.Equal(expected, ConversationQuery.LeansOnContext(question));

    [Fact]
    public void Write_QuestionThatStandsAlone_IsAllThatIsSearched() =>
        Assert.Equal("How high is Elbrus?", ConversationQuery.Write(
            [new(ChatRole.User, "Who was Marie Curie?"), new(ChatRole.Assistant, "A physicist."), new(ChatRole.User, "How high is Elbrus?")]));

    [Fact]
    public void Write_QuestionThatLeans_IsSearchedWithTheTurnBefore() =>
        Assert.Equal("Who found radium?\nMarie Curie did.\nWhen was she born?", ConversationQuery.Write(
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, "Who found radium?"),
            new(ChatRole.Assistant, "Marie Curie did. She worked in Paris."),
            new(ChatRole.User, "When was she born?"),
        ]));

    [Fact]
    public void Write_ChainOfLeaningQuestions_IsFollowedToItsStart()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "Who was Ada Lovelace?")];
        messages.AddRange(Enumerable.Range(0, 2).SelectMany(_ => (ChatMessage[])[new(ChatRole.Assistant, "Someone."), new(ChatRole.User, "When was she born?")]));

        Assert.StartsWith("Who was Ada Lovelace?\n", ConversationQuery.Write(messages), StringComparison.Ordinal);
        messages.AddRange([new(ChatRole.Assistant, "Then."), new(ChatRole.User, "Why?")]);
        Assert.DoesNotContain("Lovelace", ConversationQuery.Write(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EvidenceAndInstructionsOfTheGuard_AreNotSearched() =>
        Assert.Equal("Who was Marie Curie?\nWhen was she born?", ConversationQuery.Write(
        [
            new(ChatRole.User, [new TextContent("fenced").AsEvidence(), Conversation.CreateInstruction("Answer."), new TextContent("Who was Marie Curie?")]),
            new(ChatRole.User, "When was she born?"),
        ]));

    [Fact]
    public async Task Find_FollowUpQuestion_FindsThePassageOfTheTurnBefore()
    {
        var source = await InMemoryEvidenceSource.CreateAsync(
        [
            new("curie", "Marie Curie was born in Warsaw in 1867."),
            new("darwin", "Charles Darwin was born in Shrewsbury in 1809."),
            new("fuji", "Mount Fuji last erupted in 1707."),
        ]);
        List<ChatMessage> messages = [new(ChatRole.User, "Who was Marie Curie?"), new(ChatRole.Assistant, "A physicist."), new(ChatRole.User, "Where was she born?")];

        var found = await source.FindAsync(new EvidenceQuery(ConversationQuery.Write(messages), 1), TestContext.Current.CancellationToken);

        Assert.Equal("curie", Assert.Single(found).Id);
    }
}
