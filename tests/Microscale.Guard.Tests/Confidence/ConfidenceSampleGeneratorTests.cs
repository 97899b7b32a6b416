using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>A model that draws several samples at once is asked once for all of them.</summary>
public class ConfidenceSampleGeneratorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ModelDrawsSamples_IsAskedOnceForAll(bool streaming)
    {
        using var model = new Drawing("In 2013.", "In 2013.", "In 1965.", "In 1965.", "In 1965.");
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(4));

        var response = await client.Ask(streaming, new() { Seed = 7, Temperature = 0.2f, Tools = [AIFunctionFactory.Create(() => 1, "f")] });

        Assert.Equal(0.25, response.GetGuardReport()!.Confidence!.Value!.Value, 1e-9);
        Assert.Single(model.Inner.Calls);
        var (messages, count, options) = Assert.Single(model.Draws);
        Assert.Equal(Question, messages);
        Assert.Equal(4, count);
        Assert.Equal((0.7f, ChatToolMode.None), (options.Temperature!.Value, options.ToolMode));
        Assert.NotEqual(7, options.Seed);
        Assert.Equal(15 + (4 * 3), response.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Ask_ModelCannotDrawThem_IsAFaultAndDeliversTheAnswer()
    {
        using var model = new Drawing("In 2013.") { Fault = new InvalidOperationException("no room") };
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(4));

        var response = await client.Ask(streaming: false);

        Assert.Equal("no room", Assert.Single(response.GetGuardReport()!.Faults).Message);
        Assert.Equal("In 2013.", response.Text);
    }

    [Fact]
    public async Task Ask_DecoratorInBetween_SeesEachSample()
    {
        using var model = new Drawing("In 2013.");
        using var between = new Between(model);
        using var client = new ConfidenceChatClient(between, Confidence.Consistency(3));

        await client.Ask(streaming: false);

        Assert.Empty(model.Draws);
        Assert.Equal(4, between.Calls);
    }

    private sealed class Drawing(params string[] answers) : DelegatingChatClient(new ScriptedChatClient(answers[0])), ISampleGenerator
    {
        public ScriptedChatClient Inner => (ScriptedChatClient)InnerClient;

        public Exception? Fault { get; init; }

        public List<(IReadOnlyList<ChatMessage> Messages, int Count, ChatOptions Options)> Draws { get; } = [];

        public async Task<IReadOnlyList<ChatResponse>> GenerateSamplesAsync(
            IEnumerable<ChatMessage> messages, int count, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            Draws.Add(([.. messages], count, options!));
            return Fault is not null ? throw Fault : [.. answers.Skip(1).Take(count).Select(a => new ChatResponse(new ChatMessage(ChatRole.Assistant, a))
            {
                Usage = new() { TotalTokenCount = 3 },
            })];
        }
    }

    private sealed class Between(IChatClient model) : DelegatingChatClient(model)
    {
        private int _calls;

        public int Calls => _calls;

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _calls);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
