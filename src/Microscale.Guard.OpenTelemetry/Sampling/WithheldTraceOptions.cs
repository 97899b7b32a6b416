using System.Diagnostics;

namespace Microscale.Guard.OpenTelemetry;

/// <summary>Settings of <see cref="WithheldTraceProcessor"/>. Read once, when it is created.</summary>
public sealed class WithheldTraceOptions
{
    /// <summary>How many traces are held at the same time; where more run, the one that began first is no longer held.</summary>
    /// <value>The default value is 1,000.</value>
    public int MaxTraces { get; set; } = 1_000;

    /// <summary>How many activities of a trace are held; where more end, the first to end go.</summary>
    /// <value>The default value is 200.</value>
    public int MaxActivities { get; set; } = 200;

    /// <summary>Whether an activity that ended makes its trace worth keeping. Called for activities of traces that were not
    /// sampled. Must be safe for concurrent callers; where it throws, the activity counts for nothing.</summary>
    /// <value>The default value is true for a request whose answer was withheld.</value>
    public Func<Activity, bool> IsKept { get; set; } = WithheldTraceProcessor.IsWithheld;

    internal void Validate()
    {
        if (MaxTraces < 1 || MaxActivities < 1)
        {
            throw new ArgumentException(
                $"{nameof(WithheldTraceOptions)}.{nameof(MaxTraces)} is {MaxTraces} and {nameof(MaxActivities)} is {MaxActivities}: set both to at least 1.");
        }

        if (IsKept is null)
        {
            throw new ArgumentException($"{nameof(WithheldTraceOptions)}.{nameof(IsKept)} is null: leave it out for the default.");
        }
    }
}
