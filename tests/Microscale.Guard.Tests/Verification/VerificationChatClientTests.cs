using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Verification;

public class VerificationChatClientTests
{
    private const string Answer = "Paris is big and old. Rome is old as well. It was 1968.";

    private static readonly ChatMessage[] Request =
    [
        new(ChatRole.System, [new TextContent("Paris is a big old city.").AsEvidence("e1")]),
        new(ChatRole.User, "What are they?"),
    ];

    public static TheoryData<Misbehaviour, bool> FaultMatrix => [.. Enum.GetValues<Misbehaviour>().Where(m => m != Misbehaviour.None)
        .SelectMany(m => new[] { false, true }, (m, streaming) => new TheoryDataRow<Misbehaviour, bool>(m, streaming))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WithClaims_IsReportedClaimByClaim(bool streaming)
    {
        var verifier = new ScriptedVerifier(c => c.Text.StartsWith("Paris", StringComparison.Ordinal) ? Verdict.Supported
            : c.Text.StartsWith("Rome", StringComparison.Ordinal) ? Verdict.Contradicted : null);
        using var client = Client(new ScriptedChatClient(Answer), verifier);

        var (response, report) = await RunAsync(client, streaming);

        Assert.Equal(Answer, response.Text);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
        Assert.Equal([Verdict.Supported, Verdict.Contradicted, Verdict.Unverifiable], report.Verdicts!.Select(v => v.Verdict));
        Assert.Equal(
            ["Paris is big and old.", "Rome is old as well.", "It was 1968."],
            report.Verdicts!.Select(v => Answer.Substring(v.Claim.Start, v.Claim.Length)));
        Assert.Equal("What are they? It was 1968.", report.Verdicts![2].Claim.Text);
        Assert.Equal([1, 1, 0], report.Verdicts!.Select(v => v.Findings.Count));
        Assert.DoesNotContain(report.Verdicts!, v => v.VerifierFailed);
        Assert.Equal(Answer.Length, report.VerifiedLength);
        Assert.Equal("e1", Assert.Single(report.Evidence).Id);
        Assert.Empty(report.Faults);
        Assert.Null(report.Decision);
        Assert.All(verifier.Contexts, c => Assert.Equal("What are they?", c.Question));
        Assert.All(verifier.Contexts, c => Assert.Equal("e1", Assert.Single(c.Evidence).Id));
    }

    [Theory]
    [MemberData(nameof(FaultMatrix))]
    public async Task Answer_FailingVerifier_MakesEveryClaimUnverifiable(Misbehaviour misbehaviour, bool streaming)
    {
        var time = new FakeTimeProvider();
        var good = ScriptedVerifier.Always(Verdict.Supported);
        var bad = new ScriptedVerifier(_ => Verdict.Supported, "bad") { Misbehaviour = misbehaviour };
        var log = new FakeLogCollector();
        var logs = new Microsoft.Extensions.Logging.LoggerFactory([new FakeLoggerProvider(log)]);
        var client = new VerificationChatClient(new ScriptedChatClient(Answer), [good, bad], new() { TimeProvider = time }, logs);

        var running = RunAsync(client, streaming);
        while (!running.IsCompleted)
        {
            // Only the timeout can end a verifier that hangs; the other must not be hit by it.
            if (misbehaviour is Misbehaviour.Hangs or Misbehaviour.HangsForGood && bad.Contexts.Count > 0
                && log.GetSnapshot().All(r => r.Level != Microsoft.Extensions.Logging.LogLevel.Warning))
            {
                time.Advance(TimeSpan.FromSeconds(11));
            }

            await Task.Yield();
        }

        var (response, report) = await running;
        Assert.Equal(Answer, response.Text);
        Assert.Equal(3, report.Verdicts!.Count);
        Assert.All(report.Verdicts, v => Assert.Equal((Verdict.Unverifiable, true), (v.Verdict, v.VerifierFailed)));
        Assert.All(report.Verdicts, v => Assert.Equal("scripted", Assert.Single(v.Findings).Verifier));
        Assert.NotEmpty(report.Faults);
        var type = misbehaviour switch
        {
            Misbehaviour.Throws => "System.InvalidOperationException",
            Misbehaviour.ReturnsNull => "null",
            Misbehaviour.Lies => "invalid",
            _ => "timeout",
        };
        Assert.All(report.Faults, f => Assert.Equal((GuardStage.Verification, "bad", type), (f.Stage, f.Component, f.ErrorType)));
        Assert.Equal(Answer.Length, report.VerifiedLength);
        Assert.Contains(log.GetSnapshot(), r => r.Level == Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.DoesNotContain(log.GetSnapshot(), r => r.Message.Contains("Paris", StringComparison.Ordinal) || r.Message.Contains("scripted fault", StringComparison.Ordinal));
        if (type == "timeout")
        {
            Assert.Single(bad.Contexts);
        }
    }

    [Theory]
    [InlineData(double.NaN, Verdict.Supported)]
    [InlineData(1.01, Verdict.Supported)]
    [InlineData(-0.1, Verdict.Supported)]
    [InlineData(0.5, (Verdict)7)]
    public async Task Answer_FindingThatCannotBe_IsAFault(double score, Verdict verdict)
    {
        var verifier = ClaimVerifiers.FromDelegate("liar", (_, _, _) => new(new VerifierFinding("liar", verdict) { Score = score }));
        using var client = Client(new ScriptedChatClient(Answer), verifier);

        var (_, report) = await RunAsync(client, streaming: false);

        Assert.Equal("invalid", Assert.Single(report.Faults).ErrorType);
        Assert.All(report.Verdicts!, v => Assert.Equal((Verdict.Unverifiable, true, 0), (v.Verdict, v.VerifierFailed, v.Findings.Count)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ContradictedWhileAnotherVerifierFails_StaysContradicted(bool streaming)
    {
        using var client = Client(
            new ScriptedChatClient(Answer),
            new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Misbehaviour.Throws },
            ScriptedVerifier.Always(Verdict.Contradicted));

        var (_, report) = await RunAsync(client, streaming);

        Assert.All(report.Verdicts!, v => Assert.Equal((Verdict.Contradicted, true), (v.Verdict, v.VerifierFailed)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WithoutClaims_HasEmptyVerdictsAndAsksNobody(bool streaming)
    {
        var verifier = ScriptedVerifier.Always(Verdict.Supported);
        using var client = Client(new ScriptedChatClient("Hello! I don't know."), verifier);

        var (_, report) = await RunAsync(client, streaming);

        Assert.Empty(report.Verdicts!);
        Assert.Equal(20, report.VerifiedLength);
        Assert.Empty(verifier.Contexts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ThatIsAToolCall_PassesUnjudged(bool streaming)
    {
        var call = new FunctionCallContent("c1", "find");
        using var client = Client(new ScriptedChatClient(new ScriptedReply("") { OtherContents = [call] }), ScriptedVerifier.Always(Verdict.Supported));

        var response = streaming
            ? await client.GetStreamingResponseAsync(Request).ToChatResponseAsync()
            : await client.GetResponseAsync(Request);

        Assert.Null(response.GetGuardReport());
        Assert.Same(call, response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_AfterToolResultsInTheResponse_IsJudgedByThem(bool streaming)
    {
        var verifier = ScriptedVerifier.Always(Verdict.Supported);
        using var client = Client(
            new ScriptedChatClient(new ScriptedReply("It is 20 degrees there.") { OtherContents = [new FunctionResultContent("c1", "20 degrees")] }), verifier);

        var (_, report) = await RunAsync(client, streaming);

        Assert.Equal(["e1", "tool-c1"], Assert.Single(verifier.Contexts).Evidence.Select(e => e.Id));
        Assert.Equal(["e1", "tool-c1"], report.Evidence.Select(e => e.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WithoutEvidence_StillAsksTheVerifiers(bool streaming)
    {
        var verifier = ScriptedVerifier.Always(Verdict.Unverifiable);
        using var client = Client(new ScriptedChatClient("Paris is big and old."), verifier);
        ChatMessage[] bare = [new(ChatRole.User, "Is it?")];

        var response = streaming
            ? await client.GetStreamingResponseAsync(bare).ToChatResponseAsync()
            : await client.GetResponseAsync(bare);

        Assert.Empty(Assert.Single(verifier.Contexts).Evidence);
        Assert.Equal(Verdict.Unverifiable, Assert.Single(response.GetGuardReport()!.Verdicts!).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WithAnInnerReport_IsMerged(bool streaming)
    {
        var inner = new GuardReport
        {
            Confidence = new ConfidenceScore("s", 0.7),
            ScoredLength = 5,
            Faults = [new GuardFault(GuardStage.Confidence, "s", "t", "m")],
            Timings = new GuardTimings { Generation = TimeSpan.FromSeconds(3), Scoring = TimeSpan.FromSeconds(1) },
        };
        using var client = Client(new ReportingClient(new ScriptedChatClient(Answer), inner), ScriptedVerifier.Always(Verdict.Supported));

        var (_, report) = await RunAsync(client, streaming);

        Assert.Equal(0.7, report.Confidence!.Value);
        Assert.Equal(5, report.ScoredLength);
        Assert.Equal(3, report.Verdicts!.Count);
        Assert.Single(report.Faults);
        Assert.Equal(TimeSpan.FromSeconds(3), report.Timings.Generation);
        Assert.Equal(TimeSpan.FromSeconds(1), report.Timings.Scoring);
    }

    [Fact]
    public async Task GetResponse_ConcurrentCalls_DoNotMix()
    {
        using var client = Client(
            new ScriptedChatClient { Respond = call => call.Messages[^1].Text + " is what was said here." },
            new ScriptedVerifier(c => c.Text.StartsWith('A') ? Verdict.Supported : Verdict.Contradicted));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var word = i % 2 == 0 ? "A" : "B";
            ChatMessage[] request = [new(ChatRole.User, word)];
            var response = i % 4 < 2
                ? await client.GetResponseAsync(request)
                : await client.GetStreamingResponseAsync(request).ToChatResponseAsync();
            Assert.Equal(
                i % 2 == 0 ? Verdict.Supported : Verdict.Contradicted,
                Assert.Single(response.GetGuardReport()!.Verdicts!).Verdict);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WhileListened_ParentsAllActivitiesToTheGuard(bool streaming)
    {
        var stopped = new List<Activity>();
        using var parent = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == GuardTelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                lock (stopped)
                {
                    if (a.TraceId == parent.TraceId)
                    {
                        stopped.Add(a);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Activity? inVerifier = null;
        var verifier = ClaimVerifiers.FromDelegate("v", (_, _, _) =>
        {
            inVerifier = Activity.Current;
            return default;
        });
        using var client = Client(new ScriptedChatClient(Answer), verifier);

        if (streaming)
        {
            await foreach (var _ in client.GetStreamingResponseAsync(Request))
            {
                Assert.Same(parent, Activity.Current);
            }
        }
        else
        {
            await client.GetResponseAsync(Request);
        }

        Assert.Same(parent, Activity.Current);
        var guard = Assert.Single(stopped, a => a.OperationName == "guard");
        Assert.Equal(parent.Id, guard.ParentId);
        var parts = stopped.Where(a => a.OperationName == "guard.verification").ToList();
        Assert.Equal(streaming ? 3 : 1, parts.Count);
        Assert.All(parts, p => Assert.Equal(guard.Id, p.ParentId));
        Assert.Contains(inVerifier!.Id, parts.Select(p => p.Id));
    }

    [Fact]
    public void Create_BadSettings_SaysWhichAndWhatToDo()
    {
        using var inner = new ScriptedChatClient("x");
        IClaimVerifier[] one = [ScriptedVerifier.Always(null)];
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => new VerificationChatClient(inner, [])).Message, StringComparison.Ordinal);
        Assert.Contains("name", Assert.Throws<ArgumentException>(() => new VerificationChatClient(inner, [null!])).Message, StringComparison.Ordinal);
        Assert.Contains("VerifierTimeout", Assert.Throws<ArgumentOutOfRangeException>(
            () => new VerificationChatClient(inner, one, new() { VerifierTimeout = TimeSpan.Zero })).Message, StringComparison.Ordinal);
        Assert.Contains("MaxSentenceLength", Assert.Throws<ArgumentOutOfRangeException>(
            () => new VerificationChatClient(inner, one, new() { MaxSentenceLength = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseVerification_InABuilder_Verifies()
    {
        using var client = new ScriptedChatClient(Answer).AsBuilder()
            .UseVerification([ScriptedVerifier.Always(Verdict.Supported)], o => o.VerifierTimeout = TimeSpan.FromSeconds(1)).Build();
        using var plain = new ScriptedChatClient(Answer).AsBuilder().UseVerification(ScriptedVerifier.Always(Verdict.Supported)).Build();

        Assert.Equal(3, (await client.GetResponseAsync(Request)).GetGuardReport()!.Verdicts!.Count);
        Assert.Equal(3, (await plain.GetResponseAsync(Request)).GetGuardReport()!.Verdicts!.Count);
        await Assert.ThrowsAsync<ArgumentException>(() => plain.GetResponseAsync([]));
    }

    private static VerificationChatClient Client(IChatClient inner, params IClaimVerifier[] verifiers) => new(inner, verifiers);

    private static async Task<(ChatResponse Response, GuardReport Report)> RunAsync(IChatClient client, bool streaming)
    {
        var response = streaming
            ? await client.GetStreamingResponseAsync(Request).ToChatResponseAsync()
            : await client.GetResponseAsync(Request);
        return (response, response.GetGuardReport()!);
    }

    /// <summary>Puts a report on what the inner client says, as an inner box does.</summary>
    private sealed class ReportingClient(IChatClient inner, GuardReport report) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.SetGuardReport(report);
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return GuardReportExtensions.CreateReportUpdate(report with { ScoredLength = 1, Timings = new() }, null);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }

            yield return GuardReportExtensions.CreateReportUpdate(report, null);
        }
    }
}
