using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

public class EvidenceFitTests
{
    private const string Question = "When did the Apollo mission reach the Moon?";

    private static readonly Evidence Apollo = new("a", "The Moon is far. The Apollo mission reached the Moon in 1968. Frank Borman led the crew.");

    // The terms of the question: apollo, mission, reach, moon; those that the answer adds are in the comment.
    [Theory]
    [InlineData("In 1968.", 1)] // 1968: 4/4 · 1/1
    [InlineData("In 1968 or 1969.", 0.5)] // 1968, 1969: 4/4 · 1/2
    [InlineData("The Moon is far.", 0.25)] // far: 1/4 · 1/1
    [InlineData("Frank Borman.", 0)] // 0/4 · 2/2
    [InlineData("The Apollo mission reached the Moon.", 0)] // nothing
    [InlineData("In 1999.", 0)] // 4/4 · 0/1
    public async Task Score_IsTheBestSentence(string answer, double expected)
    {
        var context = new ConfidenceContext(Messages(Apollo), answer, null, (_, _) => throw new InvalidOperationException());

        var score = await Confidence.EvidenceFit().ScoreAsync(context);

        Assert.Equal(expected, score.Value!.Value, 12);
    }

    [Fact]
    public async Task Score_WithoutEvidence_IsNotAvailable() =>
        Assert.Null((await Confidence.EvidenceFit().ScoreAsync(new ConfidenceContext(Messages(), "In 1968.", null, (_, _) => throw new InvalidOperationException()))).Value);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Escalation_QuotesTheSentenceThatFits(bool streaming)
    {
        using var model = new ScriptedChatClient(Question);
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource(Apollo))
            .ScoreWith(Confidence.EvidenceFit()).AbstainBelow(0.5)
            .EscalateTo(new QuotingChatClient())).Build();

        var response = streaming ? await client.GetStreamingResponseAsync(Question).ToChatResponseAsync() : await client.GetResponseAsync(Question);

        Assert.Equal("The Apollo mission reached the Moon in 1968.", response.Text.Trim());
        Assert.Equal((GuardDecision.Escalated, 1), (response.GetGuardReport()!.Decision!.Value, response.GetGuardReport()!.Confidence!.Value));
    }

    [Theory]
    [InlineData("Who painted the ceiling of the chapel?", 0.5)]
    [InlineData("When did the Apollo mission reach the red planet?", 0.9)]
    public async Task Quotation_OfNothingThatFits_IsNone(string question, double minimum)
    {
        using var client = new QuotingChatClient(minimum);

        Assert.Equal("", (await client.GetResponseAsync([new(ChatRole.User, [new TextContent(question), new TextContent(Apollo.Text).AsEvidence("a")])])).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Quotation_MinimumOutOfRange_IsRefused(double minimum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuotingChatClient(minimum));

    private static ChatMessage[] Messages(params Evidence[] evidence) =>
        [new(ChatRole.User, [.. evidence.Select(e => new TextContent(e.Text).AsEvidence(e.Id)), new TextContent(Question)])];
}
