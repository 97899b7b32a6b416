using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>P(True) and verbalised confidence, for which the model is asked about its answer.</summary>
public class AskedScorerTests
{
    [Fact]
    public async Task PTrue_Reply_IsTheShareOfTrueAmongItsAlternatives()
    {
        // 0.3 + 0.2 for True, 0.25 for False
        using var model = new Replying(Among(" True", 0.3, (" True", 0.3), ("false", 0.25), ("**TRUE", 0.2), ("Maybe", 0.1)));

        var score = await Confidence.PTrue().ScoreAsync(Asked(model));

        Assert.Equal(0.5 / 0.75, score.Value!.Value, 1e-9);
        Assert.Equal("p_true", score.Scorer);
    }

    [Theory]
    [InlineData("True", 0.8, 0.8)]
    [InlineData("False", 0.8, 0.2)]
    [InlineData("F", 0.6, 0.4)] // a tokenizer may cut the word
    public async Task PTrue_ReplyWithoutAlternatives_IsItsOwnProbability(string reply, double probability, double expected)
    {
        using var model = new Replying(Token(reply, probability));

        Assert.Equal(expected, (await Confidence.PTrue().Score(Asked(model)))!.Value, 1e-9);
    }

    [Fact]
    public async Task PTrue_BlanksAndMarkupFirst_AreSkipped()
    {
        using var model = new Replying(Token("\n**", 0.9), Among("True", 0.75, ("True", 0.75), ("False", 0.25)));

        Assert.Equal(0.75, (await Confidence.PTrue().Score(Asked(model)))!.Value, 1e-9);
    }

    [Fact]
    public async Task PTrue_OtherReply_IsUnavailable()
    {
        using var model = new Replying(Token("Perhaps", 0.9));

        Assert.Contains("neither", (await Confidence.PTrue().ScoreAsync(Asked(model))).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PTrue_NoLogProbabilities_IsUnavailable()
    {
        using var model = new Replying();

        Assert.Contains("Verbalized", (await Confidence.PTrue().ScoreAsync(Asked(model))).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PTrue_ClientThatScoresContinuations_IsAskedForNoReply()
    {
        using var model = new Continuing();

        // True: 0.6 · 0.5 = 0.3, False: 0.1
        Assert.Equal(0.75, (await Confidence.PTrue().Score(Asked(model)))!.Value, 1e-9);
        Assert.Equal(["True", "False"], model.Asked);
        Assert.Equal(3, model.Messages.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verbalized_Answer_AsksOnceAboutItAtItsEnd(bool streaming)
    {
        using var model = new ScriptedChatClient("It was 1965. It rained.", "85%");
        using var client = new ConfidenceChatClient(model, Confidence.Verbalized());
        var options = new ChatOptions
        {
            Temperature = 1,
            StopSequences = ["0"],
            ResponseFormat = ChatResponseFormat.Json,
            ModelId = "m",
            Instructions = "Be brief.",
            Tools = [AIFunctionFactory.Create(() => 1, "f")],
            ToolMode = ChatToolMode.RequireAny,
        };

        var response = await client.Ask(streaming, options);

        Assert.Equal(0.85, response.GetGuardReport()!.Confidence!.Value!.Value, 1e-9);
        Assert.Equal("It was 1965. It rained.", response.Text);
        Assert.Equal(30, response.Usage!.TotalTokenCount); // both calls
        Assert.Equal(2, model.Calls.Count);
        var call = model.Calls[1];
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], call.Messages.Select(m => m.Role));
        Assert.Equal("It was 1965. It rained.", call.Messages[1].Text);
        Assert.True(call.Options is { Temperature: 0, MaxOutputTokens: 16, ModelId: "m", Instructions: "Be brief.", Tools: null, ToolMode: null, ResponseFormat: null, StopSequences: null });
        Assert.True(options is { Temperature: 1, Tools.Count: 1 });
    }

    [Theory]
    [InlineData("85", 0.85)]
    [InlineData("85%", 0.85)]
    [InlineData("I am 85 % sure.", 0.85)]
    [InlineData("85/100", 0.85)]
    [InlineData("85 out of 100", 0.85)]
    [InlineData("100", 1.0)]
    [InlineData("0", 0.0)]
    [InlineData("1", 0.01)]
    [InlineData("0.85", 0.85)]
    [InlineData("1.0", 1.0)]
    [InlineData("0.5%", 0.005)]
    [InlineData("72,5", 0.725)]
    [InlineData("150", null)]
    [InlineData("-5", null)]
    [InlineData("80-90", null)]
    [InlineData("80 or 90", null)]
    [InlineData("", null)]
    [InlineData("very sure", null)]
    [InlineData("99999999999999999999999999999999", null)]
    public void Verbalized_Reply_IsReadAsAShare(string reply, double? expected)
    {
        var value = VerbalizedScorer.Read(reply);

        Assert.Equal(expected is null, value is null);
        Assert.Equal(expected ?? 0, value ?? 0, 1e-9);
    }

    [Fact]
    public async Task Verbalized_ReplyWithoutANumber_IsUnavailableAndNotQuoted()
    {
        using var model = new ScriptedChatClient("It was 1965.", "secret");
        using var client = new ConfidenceChatClient(model, Confidence.Verbalized());

        var report = (await client.Ask(streaming: false)).GetGuardReport()!;

        Assert.Null(report.Confidence!.Value);
        Assert.Empty(report.Faults);
        Assert.DoesNotContain("secret", report.Confidence.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_ConversationKeptByTheServer_IsUnavailable()
    {
        foreach (var scorer in (IConfidenceScorer[])[Confidence.PTrue(), Confidence.Verbalized()])
        {
            using var model = new ScriptedChatClient("It was 1965.");
            using var client = new ConfidenceChatClient(model, scorer);

            var report = (await client.Ask(streaming: false, new() { ConversationId = "thread" })).GetGuardReport()!;

            Assert.Null(report.Confidence!.Value);
            Assert.Contains("ConversationId", report.Confidence.Explanation, StringComparison.Ordinal);
            Assert.Single(model.Calls);
            Assert.Null(await scorer.Score(Context("x"))); // no model at all
            var resumed = new ConfidenceContext([], "x", null, (_, _) => throw new InvalidOperationException()) { Model = new AnsweringModel(model) };
            Assert.Null(await scorer.Score(resumed));
            Assert.Single(model.Calls);
        }
    }

    [Fact]
    public async Task Asked_ModelFails_IsAFault()
    {
        using var model = new ScriptedChatClient("It was 1965.", new ScriptedReply("85") { Fault = new InvalidOperationException("down") });
        using var client = new ConfidenceChatClient(model, Confidence.Verbalized());

        var report = (await client.Ask(streaming: true)).GetGuardReport()!;

        Assert.Null(report.Confidence!.Value);
        Assert.Equal("down", Assert.Single(report.Faults).Message);
    }

    [Fact]
    public async Task AskAsync_Obstacle_Throws()
    {
        using var client = new ScriptedChatClient("x");
        var model = new AnsweringModel(client, new() { ConversationId = "thread" });

        await Assert.ThrowsAsync<InvalidOperationException>(() => model.AskAsync(Question, model.CreateOptions(1)));
        Assert.Empty(client.Calls);
    }

    private static ConfidenceContext Asked(IChatClient model) => ContextWith("It was 1965.", null, [], new AnsweringModel(model));

    /// <summary>Replies with given tokens when log-probabilities are asked for.</summary>
    private sealed class Replying(params TokenLogProbability[] tokens) : DelegatingChatClient(new ScriptedChatClient("reply"))
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            if (options.GetRequestedLogProbabilities() > 1 && tokens.Length > 0)
            {
                response.SetLogProbabilities(tokens);
            }

            return response;
        }
    }

    private sealed class Continuing() : DelegatingChatClient(new ScriptedChatClient("never")), IContinuationScorer
    {
        public IReadOnlyList<string> Asked { get; private set; } = [];

        public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

        public Task<IReadOnlyList<IReadOnlyList<TokenLogProbability>>> ScoreContinuationsAsync(
            IEnumerable<ChatMessage> messages, IReadOnlyList<string> continuations, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            (Messages, Asked) = ([.. messages], continuations);
            return Task.FromResult<IReadOnlyList<IReadOnlyList<TokenLogProbability>>>([[Token("Tr", 0.6), Token("ue", 0.5)], [Token("False", 0.1)]]);
        }

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("It need not be asked.");
    }
}
