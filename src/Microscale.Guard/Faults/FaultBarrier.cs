namespace Microscale.Guard;

/// <summary>Runs a strategy so that nothing it does, throwing and hanging included, gets past it.</summary>
internal static class FaultBarrier
{
    /// <summary>Runs <paramref name="work"/> for at most <paramref name="timeout"/>.</summary>
    /// <returns>Its value, or what went wrong. The work runs on another thread, so that one that blocks, or that ignores
    /// its token, is left behind and not waited for.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async Task<(T? Value, GuardFault? Fault)> RunAsync<T>(
        GuardStage stage,
        string component,
        Func<CancellationToken, ValueTask<T>> work,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var value = await StartAsync(work, stop.Token).WaitAsync(timeout, timeProvider, cancellationToken);
            return value is null
                ? (null, new GuardFault(stage, component, "null", "It returned null."))
                : (value, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The wait may end before the linked source hears of it, and leaving disposes the link.
            await stop.CancelAsync();
            throw;
        }
        catch (TimeoutException) when (!stop.IsCancellationRequested)
        {
            await stop.CancelAsync();
            return (null, new GuardFault(stage, component, "timeout", $"It did not answer within {timeout}."));
        }
        catch (Exception exception)
        {
            return (null, GuardFault.From(stage, component, exception));
        }
    }

    /// <summary>Runs <paramref name="work"/> on a thread of the pool: what <see cref="Task.Run(Action)"/> does, in one allocation.</summary>
    private static async Task<T> StartAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await work(cancellationToken);
    }
}
