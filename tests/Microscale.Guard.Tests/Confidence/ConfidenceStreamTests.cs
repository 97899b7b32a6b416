using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class ConfidenceStreamTests
{
    private static readonly ScriptedReply Three = new("One fell. Two fell. Three fell.");

    [Fact]
    public async Task Stream_Sentences_BringARunningScoreForEachAndOneForAll()
    {
        using var model = new ScriptedChatClient(Three);
        var asked = new List<string>();
        var scorer = new ScriptedScorer(text =>
        {
            lock (asked)
            {
                asked.Add(text);
            }

            return 1.0 / text.Length;
        });
        using var client = new ConfidenceChatClient(model, scorer);

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            updates.Add(update);
        }

        var reports = updates.ConvertAll(u => u.GetGuardReport()).FindAll(r => r is not null);
        Assert.All(reports, r => Assert.Equal(1.0 / r!.ScoredLength, r.Confidence!.Value!.Value, 1e-12));
        Assert.All(asked, t => Assert.StartsWith(t, Three.Text, StringComparison.Ordinal));
        Assert.Equal(reports.Select(r => r!.ScoredLength).Order(), reports.Select(r => r!.ScoredLength));
        Assert.Contains(reports, r => r!.ScoredLength == "One fell.".Length);
        Assert.Equal(Three.Text.Length, updates[^1].GetGuardReport()!.ScoredLength);
    }

    [Fact]
    public async Task Stream_SlowScorer_HoldsNoTextBackAndIsAskedForTheLatest()
    {
        using var model = new ScriptedChatClient(Three);
        var scorer = new Gated();
        using var client = new ConfidenceChatClient(model, scorer);
        await using var updates = client.GetStreamingResponseAsync(Question).GetAsyncEnumerator();

        // All text and the model's last update arrive while the first score is still being made.
        var text = "";
        while (!text.EndsWith("Three fell.", StringComparison.Ordinal))
        {
            Assert.True(await updates.MoveNextAsync());
            Assert.Null(updates.Current.GetGuardReport());
            text += updates.Current.Text;
        }

        scorer.Gate.SetResult();
        GuardReport? last = null;
        while (await updates.MoveNextAsync())
        {
            last = updates.Current.GetGuardReport() ?? last;
        }

        Assert.Equal(Three.Text.Length, last!.ScoredLength);
        Assert.Equal("One fell.", scorer.Asked[0]);
        Assert.Equal(Three.Text, scorer.Asked[^1]);
    }

    [Fact]
    public async Task Stream_ModelThatWaits_GetsItsRunningScoreThrough()
    {
        using var model = new ScriptedChatClient(Three with { Hangs = true, FaultAfter = "One fell. Two".Length });
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => 0.5));
        using var stop = new CancellationTokenSource();
        await using var updates = client.GetStreamingResponseAsync(Question, null, stop.Token).GetAsyncEnumerator(stop.Token);

        while (await updates.MoveNextAsync() && updates.Current.GetGuardReport() is null)
        {
        }

        Assert.Equal("One fell.".Length, updates.Current.GetGuardReport()!.ScoredLength);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await updates.MoveNextAsync());
    }

    [Fact]
    public async Task Stream_Text_PassesUnchangedAndAtOnce()
    {
        using var model = new ScriptedChatClient(Three);
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability());

        var texts = new List<string>();
        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            if (update.Contents.Count > 0 && update.Text.Length > 0)
            {
                Assert.Equal("r0", update.ResponseId);
                texts.Add(update.Text);
            }
        }

        Assert.Equal(Three.Tokens, texts);
    }

    [Fact]
    public async Task Stream_ConsumerStopsEarly_EndsTheModelAndItsSamples()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var model = new Endless(stopped);
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(3));

        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            if (update.Text == "word " && await model.Sampling.Task)
            {
                break;
            }
        }

        Assert.True(model.IsDisposedStream);
        await stopped.Task;
    }

    [Fact]
    public async Task Stream_ScorerThatSamples_DrawsWhileTheModelSpeaks()
    {
        using var model = new ScriptedChatClient { Respond = c => c.Streaming ? Three : "Three fell." };
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(3));
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            updates.Add(update);
        }

        Assert.Equal(4, model.Calls.Count);
        Assert.Single(updates, u => u.GetGuardReport() is not null);
        var usage = updates.FindLast(u => u.Contents.OfType<UsageContent>().Any())!;
        Assert.Equal(45, usage.Contents.OfType<UsageContent>().Single().Details.TotalTokenCount);
        Assert.Same(usage, updates[^2]);
        Assert.Equal(60, updates.ToChatResponse().Usage!.TotalTokenCount);
    }

    /// <summary>A scorer whose first score waits for a gate.</summary>
    private sealed class Gated : IConfidenceScorer
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Asked { get; } = [];

        public string Name => "gated";

        public ScorerNeeds Needs => ScorerNeeds.None;

        public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
        {
            lock (Asked)
            {
                Asked.Add(context.Text);
            }

            await Gate.Task.WaitAsync(cancellationToken);
            return new ConfidenceScore(Name, 0.5);
        }
    }

    /// <summary>A model that never ends: streams words for ever, and hangs in its samples until they are cancelled.</summary>
    private sealed class Endless(TaskCompletionSource stopped) : IChatClient
    {
        public TaskCompletionSource<bool> Sampling { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposedStream { get; private set; }

        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Sampling.TrySetResult(true);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                stopped.TrySetResult();
            }

            return new ChatResponse();
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                while (true)
                {
                    await Task.Yield();
                    yield return new ChatResponseUpdate(ChatRole.Assistant, "word ");
                }
            }
            finally
            {
                IsDisposedStream = true;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
