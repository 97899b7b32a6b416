using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

public class AnswerabilityTests
{
    private const string Question = "When did the Apollo mission reach the Moon?";

    private static readonly Evidence Apollo = new("a", "The Apollo mission orbited the Moon and reached it safely. It was in 1968 that it arrived. The Moon is far.");

    [Fact]
    public async Task Score_IsTheEntailmentOfAnAnswerBeingThere()
    {
        var model = new Meanings(p => p is { Premise: "In 1968.", Claim: "This text contains the answer to the question: " + Question } ? new(0.7, 0.2, 0.1) : default);

        var score = await Confidence.Answerability(model).ScoreAsync(Context("In 1968."));

        Assert.Equal((0.7, 1), (score.Value!.Value, model.Pairs));
    }

    [Fact]
    public async Task Score_OfAClaim_ReadsTheClaimOnly()
    {
        var model = new Meanings(p => p.Premise == "It was in 1968." ? new(0.9, 0.1, 0) : default);
        var whole = Context("The Moon is far. It was in 1968.");

        var score = await Confidence.Answerability(model).ScoreAsync(whole.For(new Claim("It was in 1968.", 17, 15)));

        Assert.Equal(0.9, score.Value);
    }

    [Theory]
    [InlineData(Question, " ")]
    [InlineData("", "In 1968.")]
    public async Task Score_WithoutQuestionOrAnswer_IsNotAvailable(string question, string answer)
    {
        var context = new ConfidenceContext([new(ChatRole.User, question)], answer, null, (_, _) => throw new InvalidOperationException());
        using var embeddings = new Directions();

        Assert.Null((await Confidence.Answerability(new Meanings()).ScoreAsync(context)).Value);
        Assert.Null((await Confidence.QuestionSimilarity(embeddings).ScoreAsync(context)).Value);
    }

    [Theory]
    [InlineData("up", 1)]
    [InlineData("aslant", 0.6)]
    [InlineData("down", 0)]
    public async Task QuestionSimilarity_IsTheCosine(string answer, double expected)
    {
        using var embeddings = new Directions();

        var score = await Confidence.QuestionSimilarity(embeddings).ScoreAsync(Context(answer));

        Assert.Equal(expected, score.Value!.Value, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Escalation_QuotesTheSentenceThatAnswers_NotTheOneWithMostTerms(bool streaming)
    {
        var scorer = Confidence.Answerability(new Meanings(p => new(p.Premise.Contains("1968", StringComparison.Ordinal) ? 0.9 : 0.2, 0.1, 0)));
        using var model = new ScriptedChatClient("The Moon is far.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource(Apollo))
            .ScoreWith(scorer).AbstainBelow(0.5)
            .EscalateTo(new QuotingChatClient(scorer: scorer))).Build();

        var response = streaming ? await client.GetStreamingResponseAsync(Question).ToChatResponseAsync() : await client.GetResponseAsync(Question);

        Assert.Equal("It was in 1968 that it arrived.", response.Text.Trim());
        Assert.Equal((GuardDecision.Escalated, 0.9), (response.GetGuardReport()!.Decision!.Value, response.GetGuardReport()!.Confidence!.Value));
    }

    [Theory]
    [InlineData(0.4, 3, "")] // surer ones are none
    [InlineData(0.3, 3, "It was in 1968 that it arrived.")]
    [InlineData(0.3, 1, "")] // only the sentence with most terms is scored
    public async Task Quotation_IsBelowTheMinimumOrBeyondTheCandidates_IsNone(double minimum, int candidates, string expected)
    {
        var model = new Meanings(p => new(p.Premise.Contains("1968", StringComparison.Ordinal) ? 0.35 : 0.1, 0.1, 0));
        using var client = new QuotingChatClient(minimum, Confidence.Answerability(model), candidates);

        var response = await client.GetResponseAsync([new(ChatRole.User, [new TextContent(Question), new TextContent(Apollo.Text).AsEvidence("a")])]);

        Assert.Equal((expected, candidates), (response.Text, model.Pairs));
    }

    [Fact]
    public void Quotation_ByAScorerThatNeedsAModel_IsRefused()
    {
        Assert.Contains("Answerability", Assert.Throws<ArgumentException>(() => new QuotingChatClient(scorer: Confidence.TokenProbability())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new QuotingChatClient(scorer: Confidence.Consistency()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuotingChatClient(candidates: 0));
    }

    [Fact]
    public async Task Escalation_ScorerThrows_IsAFaultAndAbstains()
    {
        var faulty = Confidence.Answerability(new Meanings(_ => throw new InvalidOperationException("broken")));
        using var model = new ScriptedChatClient("The Moon is far.");
        using var client = model.AsBuilder().UseHallucinationGuard(guard => guard
            .GroundWith(new ScriptedEvidenceSource(Apollo))
            .ScoreWith(Confidence.EvidenceFit()).AbstainBelow(0.5)
            .EscalateTo(new QuotingChatClient(scorer: faulty))).Build();

        var report = (await client.GetResponseAsync(Question)).GetGuardReport()!;

        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.NotEmpty(report.Faults);
    }

    private static ConfidenceContext Context(string answer) =>
        new([new(ChatRole.User, Question)], answer, null, (_, _) => throw new InvalidOperationException());

    /// <summary>The question points up.</summary>
    private sealed class Directions : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(v switch
            {
                "down" => new[] { 0f, -1f },
                "aslant" => [0.8f, 0.6f],
                _ => [0f, 1f],
            }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
