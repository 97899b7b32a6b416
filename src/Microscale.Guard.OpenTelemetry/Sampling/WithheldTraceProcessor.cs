using System.Diagnostics;
using OpenTelemetry;

namespace Microscale.Guard.OpenTelemetry;

/// <summary>Exports sampled activities at once, and holds the others of a trace until it is known whether an answer was withheld in
/// it: then they are exported too, else dropped when the trace has ended in this process.</summary>
/// <remarks>
/// <para>Needs a <see cref="RecordingSampler"/>: what a sampler drops never comes here. A head sampler alone decides before the model
/// was asked, so that at one percent it loses ninety-nine of a hundred abstentions.</para>
/// <para>A trace is complete as far as this process made it: what other services did for it was decided by them. It has ended when
/// no activity of it runs here; what begins later is judged by itself. The buffer is bounded by
/// <see cref="WithheldTraceOptions"/>.</para>
/// <para>Safe for concurrent callers where the inner processor is.</para>
/// </remarks>
public sealed class WithheldTraceProcessor : CompositeProcessor<Activity>
{
    private readonly WithheldTraceOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<ActivityTraceId, LinkedListNode<HeldTrace>> _traces = [];
    private readonly LinkedList<HeldTrace> _byAge = [];

    /// <summary>Wraps a processor.</summary>
    /// <param name="export">Exports what is kept; disposed with this one.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public WithheldTraceProcessor(BaseProcessor<Activity> export, WithheldTraceOptions? options = null)
        : base([export ?? throw new ArgumentNullException(nameof(export))])
    {
        _options = options ?? new();
        _options.Validate();
    }

    /// <summary>Whether an activity is a request whose answer was withheld.</summary>
    public static bool IsWithheld(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return activity.Source.Name == GuardTelemetryNames.Source
            && activity.GetTagItem(GuardTelemetryNames.Attributes.Decision) is GuardTelemetry.Abstained;
    }

    /// <inheritdoc/>
    public override void OnStart(Activity data)
    {
        base.OnStart(data);
        if (!data.Recorded)
        {
            lock (_gate)
            {
                Find(data.TraceId).Running++;
            }
        }
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Recorded)
        {
            base.OnEnd(data);
            return;
        }

        var isKept = IsKept(data);
        List<Activity> kept = [];
        lock (_gate)
        {
            if (!_traces.TryGetValue(data.TraceId, out var node))
            {
                // It ended after its trace, or the trace was no longer held.
                return;
            }

            var trace = node.Value;
            trace.IsKept |= isKept;
            trace.Activities.Enqueue(data);
            if (trace.IsKept)
            {
                kept.AddRange(trace.Activities);
                trace.Activities.Clear();
            }
            else if (trace.Activities.Count > _options.MaxActivities)
            {
                trace.Activities.Dequeue();
            }

            if (--trace.Running == 0)
            {
                Forget(node);
            }
        }

        foreach (var activity in kept)
        {
            // Exporters pass over what is not marked.
            activity.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
            base.OnEnd(activity);
        }
    }

    private bool IsKept(Activity activity)
    {
        try
        {
            return _options.IsKept(activity);
        }
        catch (Exception)
        {
            // Telemetry must not break what it watches.
            return false;
        }
    }

    private HeldTrace Find(ActivityTraceId id)
    {
        if (_traces.TryGetValue(id, out var known))
        {
            return known.Value;
        }

        if (_traces.Count == _options.MaxTraces)
        {
            Forget(_byAge.First!);
        }

        var node = _byAge.AddLast(new HeldTrace(id));
        _traces.Add(id, node);
        return node.Value;
    }

    private void Forget(LinkedListNode<HeldTrace> node)
    {
        _traces.Remove(node.Value.Id);
        _byAge.Remove(node);
    }

    /// <summary>A trace that runs.</summary>
    private sealed class HeldTrace(ActivityTraceId id)
    {
        public ActivityTraceId Id => id;

        /// <summary>How many of its activities run. The outermost runs while any other does, so that none is the end.</summary>
        public int Running { get; set; }

        public bool IsKept { get; set; }

        public Queue<Activity> Activities { get; } = [];
    }
}
