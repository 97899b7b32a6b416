namespace Microscale.Guard.Testing;

/// <summary>A clock whose timers are due at once: what waits for something that never comes gives up without waiting.</summary>
public sealed class ImpatientTimeProvider : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromMilliseconds(1), period);
}
