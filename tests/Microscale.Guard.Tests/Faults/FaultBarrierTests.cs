using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Faults;

public class FaultBarrierTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_WorkEndsAfterItWasLeftBehind_LaterRunsKeepTheirOwnResults()
    {
        var late = new TaskCompletionSource<string>();
        var (value, fault) = await RunAsync(_ => new(late.Task), TimeSpan.FromMilliseconds(1));
        Assert.Null(value);
        Assert.Equal("timeout", fault!.ErrorType);

        var next = new TaskCompletionSource<string>();
        var running = RunAsync(_ => new(next.Task), Long);
        late.SetResult("late");
        next.SetResult("own");
        Assert.Equal(("own", null), await running);
    }

    [Fact]
    public async Task RunAsync_ManyAtOnce_EachGetsItsOwnResult()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), Cancellation, async (i, _) =>
        {
            var (value, fault) = await RunAsync(
                async _ =>
                {
                    if (i % 3 == 0)
                    {
                        await Task.Yield();
                    }

                    return i % 5 == 0 ? throw new InvalidOperationException($"{i}") : $"{i}";
                },
                Long);
            Assert.Equal($"{i}", i % 5 == 0 ? fault!.Message : value);
        });
    }

    [Fact]
    public async Task RunAsync_CallbackOfTheTokenBlocks_IsLeftBehindToo()
    {
        var time = new FakeTimeProvider();
        using var unblock = new ManualResetEventSlim();
        var registered = new TaskCompletionSource();
        var running = FaultBarrier.RunAsync<object?, string>(
            GuardStage.Confidence,
            "test",
            async (_, stop) =>
            {
                stop.Register(() => unblock.Wait(CancellationToken.None));
                registered.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return "";
            },
            null,
            Long,
            time,
            Cancellation).AsTask();
        await registered.Task;
        time.Advance(Long);
        Assert.Equal("timeout", (await running).Fault!.ErrorType);
        unblock.Set();
    }

    [Fact]
    public async Task RunAsync_CallerCancels_ThrowsAndTellsTheWork()
    {
        using var caller = new CancellationTokenSource();
        var begun = new TaskCompletionSource<CancellationToken>();
        var running = FaultBarrier.RunAsync<object?, string>(
            GuardStage.Confidence,
            "test",
            async (_, stop) =>
            {
                begun.SetResult(stop);
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return "";
            },
            null,
            Long,
            TimeProvider.System,
            caller.Token).AsTask();
        var token = await begun.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task RunAsync_WorkRuns_SeesTheCallersContext()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        Assert.Equal(("mine", null), await RunAsync(_ => new(local.Value!), Long));
    }

    [Fact]
    public async Task RunAsync_MessageOfTheExceptionThrows_IsAFault()
    {
        var (_, fault) = await RunAsync(_ => throw new SilentException(), Long);
        Assert.Equal(typeof(SilentException).FullName, fault!.ErrorType);
    }

    [Fact]
    public async Task RunAsync_WorkThrowsATimeoutExceptionOfItsOwn_IsNoTimeoutOfTheGuard()
    {
        var (_, fault) = await RunAsync(_ => throw new TimeoutException("The server took too long."), Long);
        Assert.Equal(
            new GuardFault(GuardStage.Confidence, "test", typeof(TimeoutException).FullName!, "The server took too long."), fault);
    }

    private static Task<(string? Value, GuardFault? Fault)> RunAsync(Func<CancellationToken, ValueTask<string>> work, TimeSpan timeout) =>
        FaultBarrier.RunAsync(
            GuardStage.Confidence, "test", static (work, stop) => work(stop), work, timeout, TimeProvider.System, Cancellation).AsTask();

    private sealed class SilentException : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }
}
