using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Microscale.Guard;

/// <summary>One run of a strategy behind the <see cref="FaultBarrier"/>: its work on a thread of the pool, its deadline, and what
/// the caller awaits, in one object.</summary>
/// <remarks>
/// A run ends once: by its work, or by leaving the work behind at the deadline or when the caller cancels; whoever is first
/// sets the status. Runs are used again, since there are some in every request, but never one that could still be touched: not
/// one whose work was left behind, which may end at any time, and not one whose deadline may have struck
/// (<see cref="CancellationTokenSource.TryReset"/> tells, for the time of the system). The caller's registration is waited for.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "What it holds is released with each result.")]
internal sealed class BarrierRun<TState, T> : IThreadPoolWorkItem, IValueTaskSource<(T? Value, GuardFault? Fault)>
    where T : class
{
    /// <summary>How many runs are kept for use: about as many as there are threads that guard at once.</summary>
    private const int MostIdle = 64;

    private static readonly ConcurrentQueue<BarrierRun<TState, T>> Idle = new();

    private ManualResetValueTaskSourceCore<(T? Value, GuardFault? Fault)> _result;
    private volatile Status _status;
    private (GuardStage Stage, string Component) _name;
    private Func<TState, CancellationToken, ValueTask<T>>? _work;
    private TState? _state;
    private TimeSpan _timeout;
    private ExecutionContext? _context;
    private CancellationTokenSource? _deadline;
    private CancellationTokenSource? _stop;
    private CancellationToken _cancellationToken;
    private CancellationTokenRegistration _cancellation;

    private enum Status
    {
        Running,
        Ended,
        LeftBehind,
    }

    public static ValueTask<(T? Value, GuardFault? Fault)> Start(
        GuardStage stage,
        string component,
        Func<TState, CancellationToken, ValueTask<T>> work,
        TState state,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var run = timeProvider == TimeProvider.System && Idle.TryDequeue(out var idle) ? idle : new();
        (run._name, run._work, run._state, run._timeout, run._cancellationToken) = ((stage, component), work, state, timeout, cancellationToken);
        run._context = ExecutionContext.Capture();
        run._stop = new();
        run._cancellation = cancellationToken.UnsafeRegister(static run => ((BarrierRun<TState, T>)run!).Cancel(), run);
        run.StartDeadline(timeProvider);

        // Before what else waits for a thread: where callers block threads of the pool, their own work would come last.
        ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: true);
        return new(run, run._result.Version);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_status != Status.Running)
        {
            // Left behind before a thread was free.
            return;
        }

        if (_context is { } context)
        {
            ExecutionContext.Run(context, static run => _ = ((BarrierRun<TState, T>)run!).WorkAsync(), this);
        }
        else
        {
            _ = WorkAsync();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<(T? Value, GuardFault? Fault)>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<(T? Value, GuardFault? Fault)>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    (T? Value, GuardFault? Fault) IValueTaskSource<(T? Value, GuardFault? Fault)>.GetResult(short token)
    {
        // Throws for the token of an earlier use, which must not release this one.
        _ = _result.GetStatus(token);
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            Release();
        }
    }

    private void StartDeadline(TimeProvider timeProvider)
    {
        if (timeProvider == TimeProvider.System)
        {
            _deadline ??= new();
            _deadline.CancelAfter(_timeout);
        }
        else
        {
            _deadline = new(_timeout, timeProvider);
        }

        _deadline.Token.UnsafeRegister(static run => ((BarrierRun<TState, T>)run!).TimeOut(), this);
    }

    /// <summary>Does the work. Never fails; what comes after the run was left behind is dropped.</summary>
    private async Task WorkAsync()
    {
        T? value = null;
        Exception? exception = null;
        GuardFault? fault;
        try
        {
            value = await _work!(_state!, _stop!.Token);
            fault = value is null ? new GuardFault(_name.Stage, _name.Component, "null", "It returned null.") : null;
        }
        catch (Exception thrown)
        {
            exception = thrown;
            fault = GuardFault.From(_name.Stage, _name.Component, thrown);
        }

        // The continuation runs inside of these calls, and may use the run again: nothing may touch it after them.
        if (!TryEnd(Status.Ended))
        {
            return;
        }

        if (exception is OperationCanceledException && _cancellationToken.IsCancellationRequested)
        {
            _result.SetException(exception);
        }
        else
        {
            _result.SetResult((value, fault));
        }
    }

    private void TimeOut()
    {
        if (TryLeaveBehind())
        {
            _result.SetResult((null, new GuardFault(_name.Stage, _name.Component, "timeout", $"It did not answer within {_timeout}.")));
        }
    }

    private void Cancel()
    {
        if (TryLeaveBehind())
        {
            _result.SetException(new OperationCanceledException(_cancellationToken));
        }
    }

    private bool TryLeaveBehind()
    {
        if (!TryEnd(Status.LeftBehind))
        {
            return false;
        }

        // The token tells so at once. What the work registered with it may block or throw, and is not waited for.
        _ = _stop!.CancelAsync().ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

        // This is a thread of the timer or of whoever cancelled.
        _result.RunContinuationsAsynchronously = true;
        return true;
    }

    private bool TryEnd(Status status) => Interlocked.CompareExchange(ref _status, status, Status.Running) == Status.Running;

    private void Release()
    {
        _cancellation.Dispose();
        if (_status == Status.Ended)
        {
            _stop!.Dispose();
        }

        if (_status != Status.Ended || !_deadline!.TryReset())
        {
            _deadline!.Dispose();
            return;
        }

        (_work, _state, _context, _stop, _cancellationToken, _cancellation) = (null, default, null, null, default, default);
        _status = Status.Running;
        _result.Reset();
        if (Idle.Count < MostIdle)
        {
            Idle.Enqueue(this);
        }
        else
        {
            _deadline.Dispose();
        }
    }
}
