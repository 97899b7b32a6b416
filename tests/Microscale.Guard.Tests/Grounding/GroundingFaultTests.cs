using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Grounding;

public class GroundingFaultTests
{
    private static readonly Evidence Fuji = new("fuji", "It is 3,776 metres high.");

    public static TheoryData<Misbehaviour, string?, bool> Faults
    {
        get
        {
            var data = new TheoryData<Misbehaviour, string?, bool>();
            foreach (var streaming in new[] { false, true })
            {
                data.Add(Misbehaviour.Throws, typeof(InvalidOperationException).FullName, streaming);
                data.Add(Misbehaviour.Hangs, "timeout", streaming);
                data.Add(Misbehaviour.HangsForGood, "timeout", streaming);
                data.Add(Misbehaviour.ReturnsNull, "null", streaming);
                data.Add(Misbehaviour.Lies, null, streaming);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    [SuppressMessage("Reliability", "CA2025", Justification = "The task is awaited before the client is disposed.")]
    public async Task Source_Misbehaves_IsReportedAndTheRequestGoesOn(Misbehaviour misbehaviour, string? errorType, bool streaming)
    {
        var time = new SteppingTimeProvider();
        var model = new ScriptedChatClient("3,776 metres.");
        using var client = new GroundingChatClient(
            model,
            new ScriptedEvidenceSource(Fuji) { Misbehaviour = misbehaviour },
            new GroundingOptions { TimeProvider = time, Timeout = TimeSpan.FromSeconds(3) });

        var asking = client.AskAsync([new(ChatRole.User, "How high?")], streaming);
        if (errorType == "timeout")
        {
            await time.TimerCreated;
            time.Advance(TimeSpan.FromSeconds(2.9));
            Assert.Empty(model.Calls);
            time.Advance(TimeSpan.FromSeconds(0.2));
        }

        var report = (await asking).GetGuardReport()!;
        var call = Assert.Single(model.Calls);
        if (errorType is null)
        {
            Assert.Equal("invalid", Assert.Single(report.Faults).ErrorType);
            Assert.Equal([Fuji], report.Evidence);
            Assert.Equal(GroundingOutcome.Found, call.Options.GetGroundingOutcome(call.Messages));
            return;
        }

        var fault = Assert.Single(report.Faults);
        Assert.Equal((GuardStage.Grounding, nameof(ScriptedEvidenceSource), errorType), (fault.Stage, fault.Component, fault.ErrorType));
        Assert.Empty(report.Evidence);
        Assert.Equal(GroundingOutcome.Failed, call.Options.GetGroundingOutcome(call.Messages));
        Assert.Equal("How high?", Assert.Single(call.Messages).Text);
        if (errorType == "timeout")
        {
            Assert.Equal(TimeSpan.FromSeconds(3.1), report.Timings.Retrieval);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Source_FailsWhileTheInnerReportHasFaults_KeepsBoth(bool streaming)
    {
        var inner = new GuardReport { Faults = [new(GuardStage.Verification, "v", "timeout", "late")], Decision = GuardDecision.Abstained };
        using var client = new GroundingChatClient(
            new JudgedChatClient(("No.", inner)), new ScriptedEvidenceSource { Misbehaviour = Misbehaviour.Throws });

        var report = (await client.AskAsync([new(ChatRole.User, "How high?")], streaming)).GetGuardReport()!;

        Assert.Equal([GuardStage.Grounding, GuardStage.Verification], report.Faults.Select(f => f.Stage));
        Assert.Equal(GuardDecision.Abstained, report.Decision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caller_CancelsWhileTheSourceHangs_IsCancelled(bool streaming)
    {
        using var cancel = new CancellationTokenSource();
        var model = new ScriptedChatClient("never");
        var source = EvidenceSource.FromDelegate(async (_, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return [];
        });
        using var client = new GroundingChatClient(model, source, new GroundingOptions { Timeout = Timeout.InfiniteTimeSpan });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streaming
            ? client.GetStreamingResponseAsync("How high?", cancellationToken: cancel.Token).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync("How high?", cancellationToken: cancel.Token));

        Assert.Empty(model.Calls);
    }

    [Fact]
    public async Task Source_ListIsEndless_IsCut()
    {
        var model = new ScriptedChatClient("ok then");
        using var client = new GroundingChatClient(
            model, EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>(new EndlessList())));

        var response = await client.GetResponseAsync("How high?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(4, response.GetGuardReport()!.Evidence.Count);
    }

    private sealed class SteppingTimeProvider : FakeTimeProvider
    {
        private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TimerCreated => _created.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _created.TrySetResult();
            return timer;
        }
    }

    private sealed class EndlessList : IReadOnlyList<Evidence>
    {
        public int Count => int.MaxValue;

        public Evidence this[int index] => new("e", index % 2 == 0 ? "" : "text " + index);

        public IEnumerator<Evidence> GetEnumerator()
        {
            for (var i = 0; ; i = (i + 1) % int.MaxValue)
            {
                yield return this[i];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
