using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Decoding;

public sealed class DecodeSchedulerTests
{
    private static readonly CancellationToken s_cancel = TestContext.Current.CancellationToken;

    private readonly ScriptedDecoder _decoder = new();

    /// <summary>Whatever overlaps, shares prompts, is found in the cache or moves between rows: each answer is what the model makes of
    /// its prompt alone.</summary>
    [Fact]
    public void RunAsync_AnyRequestsAtATime_EachGetsItsOwnAnswer()
    {
        var gen = Gen.Select(
            Gen.Select(Gen.Int[1, 300], Gen.Int[0, 3], Gen.Int[1, 20], Gen.Int[1, 5]).Array[1, 12],
            Gen.Int[1, 6],
            Gen.Int[0, 40],
            Gen.Bool);
        gen.Sample(
            (requests, rows, blocks, exact) =>
            {
                using var scheduler = Create(rows, queue: 20, blocks, exact);
                var sequences = requests.Select(r => Sequence(Prompt(r.Item1, r.Item2), r.Item3, samples: r.Item4)).ToList();

                Task.WhenAll(sequences.Select(s => scheduler.RunAsync(s.Sequence))).Wait(s_cancel);

                foreach (var ((length, kind, max, samples), (_, sinks)) in requests.Zip(sequences))
                {
                    Assert.Equal(samples, sinks.Count);
                    Assert.All(sinks, s => Assert.Equal(ScriptedDecoder.Answer(Prompt(length, kind), max), s.Tokens));
                    Assert.All(sinks, s => Assert.False(s.Complete));
                }

                Assert.True(_decoder.MostRows <= 6);
                Assert.True(scheduler.Statistics.PrefixCacheBytes <= blocks * PrefixCache.BlockLength * sizeof(float));
            },
            iter: 200);
    }

    [Fact]
    public async Task RunAsync_SamplesOfOnePrompt_ReadItOnceAndStepTogether()
    {
        using var scheduler = Create(rows: 8);
        var runs = Record();

        var (sequence, sinks) = Sequence(Prompt(100, 0), 6, samples: 5);
        await scheduler.RunAsync(sequence);

        Assert.Equal(100, runs.Where(r => r.Row >= 0).Sum(r => r.Tokens.Length));
        Assert.Equal([5, 5, 5, 5, 5], runs.Where(r => r.Row < 0).Select(r => r.Tokens.Length));
        Assert.Equal(5, sinks.Count);
    }

    [Fact]
    public async Task RunAsync_FinishedSamples_AreDroppedFromTheRuns()
    {
        using var scheduler = Create(rows: 8);
        var runs = Record();
        var prompt = Prompt(10, 0);
        var sinks = Enumerable.Range(0, 4).Select(_ => new RecordingSink()).ToList();
        var sequences = sinks.Select((s, i) => new GeneratedSequence(prompt, new(), 2 + (2 * i), s, null, s_cancel)).ToList();

        await scheduler.RunAsync(new GeneratedSequence(prompt, new(), 8, new RecordingSink(), null, s_cancel) { Followers = sequences });

        Assert.Equal([5, 4, 4, 3, 3, 2, 2], runs.Where(r => r.Row < 0).Select(r => r.Tokens.Length));
    }

    [Fact]
    public async Task RunAsync_LongPromptBesideAnAnswer_NeitherWaitsForTheOther()
    {
        using var scheduler = Create(rows: 2);
        var runs = Record();
        var longSink = new RecordingSink();
        Task? second = null;
        var first = new RecordingSink
        {
            OnToken = _ => second ??= scheduler.RunAsync(new GeneratedSequence(Prompt(640, 1), new(), 3, longSink, null, s_cancel)),
        };

        await scheduler.RunAsync(new GeneratedSequence(Prompt(5, 0), new(), 60, first, null, s_cancel));
        await second!;

        // Chunk, step, chunk, step: after the first prompt no two chunks follow each other.
        var kinds = runs.Skip(1).Take(20).Select(r => r.Row < 0).ToList();
        Assert.DoesNotContain(kinds.Zip(kinds.Skip(1)), p => !p.First && !p.Second);
        Assert.Equal(ScriptedDecoder.Answer(Prompt(640, 1), 3), longSink.Tokens);
    }

    [Fact]
    public async Task RunAsync_ShortPromptBehindALongOne_IsReadInBetween()
    {
        using var scheduler = Create(rows: 4);
        var order = new List<string>();
        var gate = Hold();
        var requests = new[] { ("long", 2000), ("short", 40) }
            .Select(r => scheduler.RunAsync(new GeneratedSequence(
                Prompt(r.Item2, r.Item2), new(), 1, new RecordingSink { OnToken = _ => order.Add(r.Item1) }, null, s_cancel))).ToList();
        gate.SetResult();

        await Task.WhenAll(requests);

        Assert.Equal(["short", "long"], order);
    }

    [Fact]
    public async Task RunAsync_QueueFull_NamesTheOptionsAndTheNextOneIsTakenLater()
    {
        using var scheduler = Create(rows: 1, queue: 1);
        var gate = Hold();
        var running = scheduler.RunAsync(Sequence(Prompt(5, 0), 2).Sequence);
        var waiting = scheduler.RunAsync(Sequence(Prompt(5, 1), 2).Sequence);

        var exception = await Assert.ThrowsAsync<RequestQueueFullException>(() => scheduler.RunAsync(Sequence(Prompt(5, 2), 2).Sequence));

        Assert.Contains("MaxConcurrentRequests (1)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxQueuedRequests (1)", exception.Message, StringComparison.Ordinal);
        gate.SetResult();
        await Task.WhenAll(running, waiting);
        await scheduler.RunAsync(Sequence(Prompt(5, 2), 2).Sequence);
        Assert.Equal(0, scheduler.Statistics.QueuedRequests);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileQueued_EndsAtOnceAndIsNeverRun()
    {
        using var scheduler = Create(rows: 1);
        using var stop = new CancellationTokenSource();
        var gate = Hold();
        var running = scheduler.RunAsync(Sequence(Prompt(5, 0), 2).Sequence);
        var (sequence, sinks) = Sequence(Prompt(5, 1), 2, samples: 3, stop.Token);
        var waiting = scheduler.RunAsync(sequence);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.False(running.IsCompleted);
        gate.SetResult();
        await running;
        Assert.All(sinks, s => Assert.Empty(s.Tokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RunAsync_CancelledWhileReadingThePrompt_StopsBeforeTheNextChunk(int samples)
    {
        using var scheduler = Create(rows: 4);
        using var stop = new CancellationTokenSource();
        var runs = Record((_, _) => stop.Cancel());
        var (sequence, sinks) = Sequence(Prompt(1000, 0), 5, samples, stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scheduler.RunAsync(sequence));

        Assert.Single(runs);
        Assert.All(sinks, s => Assert.Empty(s.Tokens));
        _decoder.OnRun = (_, _) => { };
        await AssertAnswersAsync(scheduler, rows: 4);

        // What was read before is right and need not be read again.
        await scheduler.RunAsync(Sequence(Prompt(1000, 0), 1).Sequence);
        Assert.True(scheduler.Statistics.CachedPromptTokens >= 128);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileAnswering_LeavesTheOthersAlone()
    {
        using var scheduler = Create(rows: 4);
        using var stop = new CancellationTokenSource();
        var count = 0;
        var sink = new RecordingSink { OnToken = _ => { if (++count == 3) { stop.Cancel(); } } };
        var gate = Hold();
        var cancelled = scheduler.RunAsync(new GeneratedSequence(Prompt(20, 0), new(), 50, sink, null, stop.Token));
        var (other, sinks) = Sequence(Prompt(30, 1), 12);
        var running = scheduler.RunAsync(other);
        gate.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await running;

        Assert.Equal(3, sink.Tokens.Count);
        Assert.Equal(ScriptedDecoder.Answer(Prompt(30, 1), 12), sinks[0].Tokens);
        await AssertAnswersAsync(scheduler, rows: 4);
    }

    [Fact]
    public async Task Dispose_WhileRunningAndQueued_EndsAllAndReleasesTheModel()
    {
        var scheduler = Create(rows: 1);
        Record((_, tokens) =>
        {
            if (tokens.Length == 1)
            {
                _decoder.Dispose();
                scheduler.Dispose();
            }
        });
        var gate = Hold();
        var running = scheduler.RunAsync(Sequence(Prompt(5, 0), 50).Sequence);
        var waiting = scheduler.RunAsync(Sequence(Prompt(5, 1), 2).Sequence);
        gate.SetResult();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await _decoder.Released;

        Assert.True(_decoder.BatchDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => scheduler.RunAsync(Sequence(Prompt(5, 1), 2).Sequence));
        scheduler.Dispose();
    }

    [Fact]
    public async Task RunAsync_RunOfAllRowsFails_EndsTheseAndServesTheNext()
    {
        using var scheduler = Create(rows: 4);
        var fails = true;
        Record((row, _) =>
        {
            if (row < 0 && fails)
            {
                throw new InvalidOperationException("no memory");
            }
        });

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => scheduler.RunAsync(Sequence(Prompt(5, 0), 5).Sequence));

        Assert.Equal("no memory", exception.Message);
        fails = false;
        await AssertAnswersAsync(scheduler, rows: 4);
    }

    [Fact]
    public async Task RunAsync_ContinuationsToScore_AreReadAfterOnePrompt()
    {
        using var scheduler = Create(rows: 2);
        var runs = Record();
        var prompt = Prompt(50, 0);
        List<int[]> continuations = [[.. Enumerable.Range(0, 40)], [3], [4, 5], [.. Enumerable.Range(1, 34)]];
        var sequence = new ScoredSequence(prompt, continuations, 0, s_cancel);

        await scheduler.RunAsync(sequence);

        Assert.Equal(prompt, runs[0].Tokens);
        foreach (var (continuation, scores) in continuations.Zip(sequence.Scores))
        {
            Assert.Equal(continuation.Length, scores.Count);
            Assert.All(scores, (s, i) => Assert.Equal(Expected([.. prompt, .. continuation[..i]], continuation[i]), s.LogProbability, 1e-5));
        }

        Assert.All(runs, r => Assert.True(r.Tokens.Length > 1));

        static double Expected(int[] before, int token) =>
            (ScriptedDecoder.After(before) == token ? 10 : 0) - Math.Log(Math.Exp(10) + ScriptedDecoder.Vocabulary - 1);
    }

    internal static int[] Prompt(int length, int kind) => [.. Enumerable.Range(0, length).Select(i => i < 70 + (40 * kind) ? i % 50 : (i * (kind + 3)) % 60)];

    private static async Task AssertAnswersAsync(DecodeScheduler scheduler, int rows)
    {
        var sequences = Enumerable.Range(0, rows + 2).Select(i => (Length: 30 + i, Made: Sequence(Prompt(30 + i, i), 4))).ToList();
        await Task.WhenAll(sequences.Select(s => scheduler.RunAsync(s.Made.Sequence)));
        Assert.All(sequences, s => Assert.Equal(ScriptedDecoder.Answer(s.Made.Sequence.Prompt, 4), s.Made.Sinks[0].Tokens));
    }

    private static (GeneratedSequence Sequence, List<RecordingSink> Sinks) Sequence(
        int[] prompt, int max, int samples = 1, CancellationToken cancellationToken = default)
    {
        var sinks = Enumerable.Range(0, samples).Select(_ => new RecordingSink()).ToList();
        var all = sinks.Select(s => new GeneratedSequence(prompt, new(), max, s, null, cancellationToken)).ToList();
        return (new GeneratedSequence(prompt, new(), max, sinks[0], null, cancellationToken) { Followers = all[1..] }, sinks);
    }

    private DecodeScheduler Create(int rows, int queue = 10, int blocks = 100, bool exact = false) =>
        new(_decoder, ScriptedDecoder.Bytes, new EngineSettings(rows, queue, (long)blocks * PrefixCache.BlockLength * sizeof(float), exact));

    private List<(int Row, int[] Tokens)> Record(Action<int, int[]>? then = null)
    {
        var runs = new List<(int, int[])>();
        _decoder.OnRun = (row, tokens) =>
        {
            runs.Add((row, tokens));
            then?.Invoke(row, tokens);
        };
        return runs;
    }

    /// <summary>Stops the model before its first run, until the result is set.</summary>
    private TaskCompletionSource Hold()
    {
        var gate = new TaskCompletionSource();
        var inner = _decoder.OnRun;
        _decoder.OnRun = (row, tokens) =>
        {
            gate.Task.Wait(s_cancel);
            inner(row, tokens);
        };
        return gate;
    }
}
