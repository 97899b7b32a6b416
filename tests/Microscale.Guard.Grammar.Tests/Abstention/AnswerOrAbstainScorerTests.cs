using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar.Tests;

public class AnswerOrAbstainScorerTests
{
    private const string Answer = """{"answer": "Rome"}""";

    [Fact]
    public async Task ScoreAsync_Alternatives_GiveTheShareOfAnswering()
    {
        var tokens = new[] { Token("{\""), Token("answer", 0.6, ("answer", 0.6), ("unk", 0.2), ("x", 0.2)), Token("\": \"Rome\"}") };

        var score = await AnswerOrAbstain.CreateScorer().ScoreAsync(Context(Answer, tokens));

        Assert.Equal(0.75, score.Value!.Value, 6);
    }

    [Fact]
    public async Task ScoreAsync_Abstention_GivesTheSameShare()
    {
        var tokens = new[] { Token("{"), Token("\"unknown\": ", 0.2, ("\"an", 0.6)), Token("\"why\"}") };

        Assert.Equal(0.75, (await AnswerOrAbstain.CreateScorer().ScoreAsync(Context("""{"unknown": "why"}""", tokens))).Value!.Value, 6);
    }

    [Theory]
    [InlineData("Rome")]
    [InlineData(Answer)]
    public async Task ScoreAsync_NothingToGoBy_IsUnavailable(string text) =>
        Assert.Null((await AnswerOrAbstain.CreateScorer().ScoreAsync(Context(text, null))).Value);

    [Fact]
    public async Task ScoreAsync_ModelThatScoresContinuations_IsAsked()
    {
        var context = new ConfidenceContext([new ChatMessage(ChatRole.User, "Q?")], Answer, null, (_, _) => throw new NotSupportedException()) { Model = new AnsweringModel(new Scoring()) };

        Assert.Equal(0.9, (await AnswerOrAbstain.CreateScorer().ScoreAsync(context)).Value!.Value, 6);
    }

    private static ConfidenceContext Context(string text, IReadOnlyList<TokenLogProbability>? tokens) =>
        new([new ChatMessage(ChatRole.User, "Q?")], text, tokens, (_, _) => throw new NotSupportedException());

    private static TokenLogProbability Token(string text, double probability = 1, params (string Text, double Probability)[] alternatives) =>
        new(Encoding.UTF8.GetBytes(text), Math.Log(probability))
        {
            TopAlternatives = [.. alternatives.Select(a => new TokenAlternative(Encoding.UTF8.GetBytes(a.Text), Math.Log(a.Probability)))],
        };

    private sealed class Scoring : IChatClient, IContinuationScorer
    {
        public Task<IReadOnlyList<IReadOnlyList<TokenLogProbability>>> ScoreContinuationsAsync(
            IEnumerable<ChatMessage> messages, IReadOnlyList<string> continuations, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<IReadOnlyList<TokenLogProbability>>>(
                [.. continuations.Select(c => (IReadOnlyList<TokenLogProbability>)[Token(c, c.Contains("answer", StringComparison.Ordinal) ? 0.45 : 0.05)])]);

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType?.IsInstanceOfType(this) is true ? this : null;

        public void Dispose()
        {
        }
    }
}
