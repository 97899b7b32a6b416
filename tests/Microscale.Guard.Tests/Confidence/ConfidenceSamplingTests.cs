using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

public class ConfidenceSamplingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Consistency_ComparesWithSamplesAndSumsTheirUsage(bool streaming)
    {
        using var model = new ScriptedChatClient { Respond = c => c.Index is 0 or 2 ? "In 2013." : "In 1965." };
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(4), new() { MaxConcurrentSamples = 1 });

        var response = await client.Ask(streaming);

        Assert.Equal(0.25, response.GetGuardReport()!.Confidence!.Value!.Value, 1e-9);
        Assert.Equal(5 * 15, response.Usage!.TotalTokenCount);
        Assert.Equal("In 2013.", response.Text);
        Assert.Equal("r0", response.ResponseId);
        Assert.All(model.Calls.Skip(1), c => Assert.Equal(Question, c.Messages));
    }

    [Fact]
    public async Task Ask_SeededRequest_DrawsTheSameDifferentSeedsEachTime()
    {
        var first = await SeedsAsync(7);

        Assert.Equal(first, await SeedsAsync(7));
        Assert.NotEqual(first, await SeedsAsync(8));
        Assert.Equal(5, first.Distinct().Count());
        Assert.DoesNotContain(7, first);
        Assert.All(first, s => Assert.InRange(s!.Value, 0, int.MaxValue));

        async Task<List<long?>> SeedsAsync(long seed)
        {
            using var model = new ScriptedChatClient("x");
            using var client = new ConfidenceChatClient(model, Confidence.Consistency(5));
            await client.Ask(streaming: false, new() { Seed = seed });
            Assert.Equal(seed, model.Calls[0].Options!.Seed);
            return [.. model.Calls.Skip(1).Select(c => c.Options!.Seed).Order()];
        }
    }

    [Theory]
    [InlineData(null, 0.7f)]
    [InlineData(0f, 0.7f)]
    [InlineData(1.3f, 1.3f)]
    public async Task Ask_SampleTemperature_IsTheHigherOne(float? callers, float expected)
    {
        var calls = await CallsAsync(new() { Temperature = callers });

        Assert.Equal(callers, calls[0].Options!.Temperature);
        Assert.All(calls.Skip(1), c => Assert.Equal(expected, c.Options!.Temperature));
    }

    [Fact]
    public async Task Ask_SettingsThatMakeAllSamplesAlike_AreNotUsedForSamples()
    {
        var calls = await CallsAsync(new() { TopK = 1, TopP = 0 });

        Assert.All(calls.Skip(1), c => Assert.True(c.Options is { TopK: null, TopP: null }));
        calls = await CallsAsync(new() { TopK = 40, TopP = 0.9f });
        Assert.All(calls.Skip(1), c => Assert.True(c.Options is { TopK: 40, TopP: 0.9f }));
    }

    [Fact]
    public async Task Ask_Tools_AreNotCalledBySamples()
    {
        var tool = AIFunctionFactory.Create(() => 1, "f");
        var calls = await CallsAsync(new() { Tools = [tool], ToolMode = ChatToolMode.Auto });

        Assert.Equal(ChatToolMode.Auto, calls[0].Options!.ToolMode);
        Assert.All(calls.Skip(1), c => Assert.Equal(ChatToolMode.None, c.Options!.ToolMode));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ConversationKeptByTheServer_IsNotSampled(bool streaming)
    {
        using var model = new ScriptedChatClient("In 2013.");
        using var client = new ConfidenceChatClient(model, Confidence.Consistency());

        var report = (await client.Ask(streaming, new() { ConversationId = "thread" })).GetGuardReport()!;

        Assert.Single(model.Calls);
        Assert.Null(report.Confidence!.Value);
        Assert.Contains("ConversationId", Assert.Single(report.Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_SampleFails_IsAFaultAndStillCountsTheOthers(bool streaming)
    {
        using var model = new ScriptedChatClient
        {
            Respond = c => c.Index == 2 ? new ScriptedReply("x") { Fault = new InvalidOperationException("sample") } : "In 2013.",
        };
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(3), new() { MaxConcurrentSamples = 1 });

        var response = await client.Ask(streaming);

        var report = response.GetGuardReport()!;
        Assert.Null(report.Confidence!.Value);
        var fault = Assert.Single(report.Faults);
        Assert.Equal((GuardStage.Confidence, "consistency.lexical", "sample"), (fault.Stage, fault.Component, fault.Message));
        Assert.Equal(3, model.Calls.Count); // the answer, a sample, the failing one; none after it
        Assert.Equal(30, response.Usage!.TotalTokenCount);
        Assert.Equal("In 2013.", response.Text);
    }

    [Fact]
    public async Task Ask_CacheBelow_DoesNotFeignAgreement()
    {
        using var model = new ScriptedChatClient { Respond = c => $"In {1900 + c.Index}." };
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using var client = model.AsBuilder().UseConfidence(Confidence.Consistency(4)).UseDistributedCache(cache).Build();

        var report = (await client.Ask(streaming: false)).GetGuardReport()!;

        Assert.Equal(0, report.Confidence!.Value);
        Assert.Equal(5, model.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_SamplesThatHang_AreCancelledAndNotWaitedFor(bool heeds)
    {
        var clock = new FakeTimeProvider();
        using var model = new Hanging(heeds);
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(2), new() { TimeProvider = clock });

        var asking = client.Ask(streaming: false);
        await model.Started.Task;
        while (!asking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.Equal("timeout", Assert.Single((await asking).GetGuardReport()!.Faults).ErrorType);
        await model.Cancelled.Task;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Ask_ManySamples_RunsAtMostThatManyAtOnce(int bound)
    {
        using var model = new Counting(bound);
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(7), new() { MaxConcurrentSamples = bound });

        await client.Ask(streaming: false);

        Assert.Equal(bound, model.Most);
    }

    private static async Task<IReadOnlyList<ScriptedCall>> CallsAsync(ChatOptions options)
    {
        using var model = new ScriptedChatClient("x");
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(2));
        await client.Ask(streaming: false, options);
        Assert.Equal(3, model.Calls.Count);
        return model.Calls;
    }

    /// <summary>Answers once; every further call hangs until it is cancelled, or for good.</summary>
    private sealed class Hanging(bool heeds) : DelegatingChatClient(new ScriptedChatClient("x"))
    {
        private int _calls;

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _calls) > 1)
            {
                await using var registration = cancellationToken.Register(() => Cancelled.TrySetResult());
                Started.TrySetResult();
                await Task.Delay(Timeout.Infinite, heeds ? cancellationToken : CancellationToken.None);
            }

            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }

    /// <summary>Counts the calls that run at the same time; the first ones wait until as many as are allowed run.</summary>
    private sealed class Counting(int bound) : DelegatingChatClient(new ScriptedChatClient("x"))
    {
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;
        private int _running;

        public int Most { get; private set; }

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _calls) > 1)
            {
                lock (_full)
                {
                    Most = Math.Max(Most, ++_running);
                    if (_running == bound)
                    {
                        _full.TrySetResult();
                    }
                }

                await _full.Task;
                await Task.Yield();
                lock (_full)
                {
                    _running--;
                }
            }

            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
