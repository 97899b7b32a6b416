using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Verification;

public class VerificationStreamTests
{
    private const string Answer = "Paris is big and old. Rome is old as well. Berlin is not so old.";

    private static readonly ChatMessage[] Request = [new(ChatRole.User, "What are they?")];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Stream_AnyChunking_ReportsGrowAndCoverExactlyWhatCameBefore(int chunkLength)
    {
        using var client = new VerificationChatClient(new ScriptedChatClient(Answer) { ChunkLength = chunkLength }, [ScriptedVerifier.Always(Verdict.Supported)]);

        var sent = "";
        var reports = new List<GuardReport>();
        await foreach (var update in client.GetStreamingResponseAsync(Request))
        {
            sent += update.Text;
            if (update.GetGuardReport() is { } report)
            {
                Assert.Empty(update.Contents);
                Assert.InRange(report.VerifiedLength, 0, sent.Length);
                Assert.All(report.Verdicts!, v => Assert.InRange(v.Claim.End, 1, report.VerifiedLength));
                reports.Add(report);
            }
        }

        Assert.Equal(Answer, sent);
        Assert.Equal([21, 42, 64, 64], reports.Select(r => r.VerifiedLength));
        Assert.Equal([1, 2, 3, 3], reports.Select(r => r.Verdicts!.Count));
    }

    [Fact]
    public async Task Stream_Updates_PassUnchangedAndBeforeTheVerdict()
    {
        using var gate = new SemaphoreSlim(0);
        var verifier = ClaimVerifiers.FromDelegate("gated", async (_, _, stop) =>
        {
            await gate.WaitAsync(stop);
            return new VerifierFinding("gated", Verdict.Supported);
        });
        var inner = new RecordingClient(new ScriptedChatClient(Answer));
        using var client = new VerificationChatClient(inner, [verifier]);

        var received = new List<ChatResponseUpdate>();
        var reports = 0;
        await foreach (var update in client.GetStreamingResponseAsync(Request))
        {
            if (update.GetGuardReport() is null)
            {
                received.Add(update);
                if (string.Concat(received.Select(u => u.Text)) == Answer)
                {
                    // All text is out although no claim is verified: the model did not wait.
                    Assert.Equal(0, reports);
                    gate.Release(3);
                }
            }
            else
            {
                reports++;
            }
        }

        Assert.Equal(4, reports);
        Assert.Equal(inner.Sent.Count, received.Count);
        Assert.All(inner.Sent.Zip(received), pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public async Task Stream_Sentences_AreVerifiedInOrderOneAtATime()
    {
        var running = 0;
        var order = new List<int>();
        var verifier = ClaimVerifiers.FromDelegate("v", async (claim, _, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Yield();
            order.Add(claim.Start);
            Interlocked.Decrement(ref running);
            return null;
        });
        using var client = new VerificationChatClient(new ScriptedChatClient(Answer), [verifier]);

        var response = await client.GetStreamingResponseAsync(Request).ToChatResponseAsync();

        Assert.Equal([0, 22, 43], order);
        Assert.Empty(response.GetGuardReport()!.Faults);
    }

    [Fact]
    public async Task Stream_InnerThrows_SurfacesAfterTheReportsOfTheTextBefore()
    {
        var fault = new InvalidOperationException("model");
        using var client = new VerificationChatClient(
            new ScriptedChatClient(new ScriptedReply(Answer) { Fault = fault, FaultAfter = 45 }), [ScriptedVerifier.Always(Verdict.Supported)]);
        GuardReport? last = null;

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Request))
            {
                last = update.GetGuardReport() ?? last;
            }
        });

        Assert.Same(fault, thrown);
        Assert.Equal(2, last!.Verdicts!.Count);
        Assert.Equal(42, last.VerifiedLength);
    }

    [Theory]
    [InlineData(Misbehaviour.None)]
    [InlineData(Misbehaviour.Hangs)]
    [InlineData(Misbehaviour.HangsForGood)]
    public async Task Stream_ConsumerStopsEarly_CancelsModelAndVerifier(Misbehaviour misbehaviour)
    {
        var asked = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var verifier = ClaimVerifiers.FromDelegate("v", async (_, _, stop) =>
        {
            asked.TrySetResult(stop);
            await misbehaviour.ActAsync(stop);
            return null;
        });
        var inner = new ScriptedChatClient(new ScriptedReply(Answer) { Hangs = true, FaultAfter = 30 });
        using var client = new VerificationChatClient(inner, [verifier]);

        var stopToken = CancellationToken.None;
        await foreach (var update in client.GetStreamingResponseAsync(Request))
        {
            stopToken = await asked.Task;
            break;
        }

        Assert.Equal(1, inner.StreamsCut);
        if (misbehaviour != Misbehaviour.None)
        {
            Assert.True(stopToken.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task Stream_CallerCancels_ThrowsAndLeavesNothingRunning()
    {
        using var stop = new CancellationTokenSource();
        var inner = new ScriptedChatClient(new ScriptedReply(Answer) { Hangs = true, FaultAfter = 30 });
        using var client = new VerificationChatClient(inner, [ScriptedVerifier.Always(Verdict.Supported)]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Request, cancellationToken: stop.Token))
            {
                if (update.GetGuardReport() is not null)
                {
                    await stop.CancelAsync();
                }
            }
        });

        Assert.Equal(1, inner.StreamsCut);
    }

    [Fact]
    public async Task Stream_OfTwoMessages_DoesNotJoinTheirSentences()
    {
        using var client = new VerificationChatClient(new TwoMessagesClient(), [ScriptedVerifier.Always(Verdict.Supported)]);

        var report = (await client.GetStreamingResponseAsync(Request).ToListAsync()).Last(u => u.GetGuardReport() is not null).GetGuardReport()!;

        Assert.Equal([(0, 24), (24, 16)], report.Verdicts!.Select(v => (v.Claim.Start, v.Claim.Length)));
        Assert.Equal("tool-c", Assert.Single(report.Evidence).Id);
    }

    private sealed class RecordingClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public List<ChatResponseUpdate> Sent { get; } = [];

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                Sent.Add(update);
                yield return update;
            }
        }
    }

    private sealed class TwoMessagesClient() : DelegatingChatClient(new ScriptedChatClient("x"))
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "I will look that up now.") { MessageId = "a" };
            yield return new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("c", "Paris is big.")]) { MessageId = "b" };
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Paris is so big.") { MessageId = "c" };
        }
    }
}
