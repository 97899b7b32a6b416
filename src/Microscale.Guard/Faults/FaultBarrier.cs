namespace Microscale.Guard;

/// <summary>Runs a strategy so that nothing it does, throwing and hanging included, gets past it.</summary>
internal static class FaultBarrier
{
    /// <summary>Runs <paramref name="work"/> for at most <paramref name="timeout"/>.</summary>
    /// <param name="stage">The part of the chain, for the fault.</param>
    /// <param name="component">The strategy's name, for the fault.</param>
    /// <param name="work">What is done. It is a static lambda wherever it is done for every request.</param>
    /// <param name="state">What <paramref name="work"/> needs.</param>
    /// <param name="timeout">How long it may take; infinite for no limit.</param>
    /// <param name="timeProvider">Whose time.</param>
    /// <param name="cancellationToken">Ends the wait and the work.</param>
    /// <returns>Its value, or what went wrong. The work runs on another thread, so that one that blocks, or that ignores
    /// its token, is left behind and not waited for. To be awaited once.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ValueTask<(T? Value, GuardFault? Fault)> RunAsync<TState, T>(
        GuardStage stage,
        string component,
        Func<TState, CancellationToken, ValueTask<T>> work,
        TState state,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return BarrierRun<TState, T>.Start(stage, component, work, state, timeout, timeProvider, cancellationToken);
    }
}
