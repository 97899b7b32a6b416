using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>The guard's activities. Nothing is computed when nobody listens; no content is recorded unless the options ask for
/// it.</summary>
internal static partial class GuardTelemetry
{
    private static readonly ActivitySource ActivitySource = new(Source, typeof(GuardTelemetry).Assembly.GetName().Version?.ToString());

    /// <summary>The value of <see cref="Attributes.Decision"/> for a withheld answer.</summary>
    public const string Abstained = "abstained";

    /// <summary>The current activity when it is one of the guard's; an activity of the application is left alone.</summary>
    private static Activity? Current => Activity.Current is { } current && current.Source == ActivitySource ? current : null;

    /// <summary>Starts the activity of a guarded request, unless an outer box of the chain has started it.</summary>
    public static Activity? StartGuard(bool streaming)
    {
        if (Current is not null)
        {
            return null;
        }

        var activity = ActivitySource.StartActivity(Activities.Guard);
        activity?.SetTag(Attributes.Streaming, streaming);
        return activity;
    }

    /// <summary>Starts the activity of a part of a guarded request.</summary>
    /// <param name="name">One of <see cref="Activities"/>.</param>
    public static Activity? StartPart(string name) => ActivitySource.StartActivity(name);

    /// <summary>Makes an activity current again: one that was started in an iterator is not after a yield
    /// (dotnet/runtime#47802).</summary>
    public static void Restore(Activity? activity)
    {
        if (activity is not null)
        {
            Activity.Current = activity;
        }
    }

    public static Activity? StartAttempt(GuardAttemptKind kind) =>
        StartPart(Activities.Attempt)?.SetTag(Attributes.AttemptKind, Label(kind));

    public static Activity? StartScoring(string scorer) =>
        StartPart(Activities.Scoring)?.SetTag(Attributes.Scorer, scorer);

    /// <summary>Starts the activity of the model. It has no operation name of the conventions: the client that is asked may have an
    /// activity of its own, and the call must not count twice.</summary>
    public static Activity? StartGeneration(ChatOptions? options)
    {
        var activity = StartPart(Activities.Generation);
        if (options?.ModelId is { } model)
        {
            activity?.SetTag(Attributes.RequestModel, model);
        }

        return activity;
    }

    /// <summary>Records which response a model gave, so that what is said of the response is found from its activity.</summary>
    public static void RecordGeneration(Activity? activity, string? responseId, string? modelId) =>
        activity?.SetTag(Attributes.ResponseId, responseId).SetTag(Attributes.ResponseModel, modelId);

    /// <summary>Marks an activity whose work threw. The message stays out: it may quote content. Work that ended because it
    /// was told to is no failure.</summary>
    /// <param name="activity">The activity; null for none.</param>
    /// <param name="exception">What the work threw.</param>
    /// <param name="cancellationToken">What told the work to end.</param>
    public static void RecordFailure(Activity? activity, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            RecordStop(activity);
        }
        else
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag(Attributes.ErrorType, exception.GetType().FullName);
        }
    }

    /// <summary>Marks an attempt that threw, and its request, which ends with it.</summary>
    public static void RecordRequestFailure(Activity? attempt, Exception exception, CancellationToken cancellationToken)
    {
        RecordFailure(attempt, exception, cancellationToken);
        if (attempt?.Parent is { } guard && guard.Source == ActivitySource)
        {
            RecordFailure(guard, exception, cancellationToken);
        }
    }

    /// <summary>Marks an activity whose work was ended before its time, unless it has ended or failed.</summary>
    public static void RecordStop(Activity? activity)
    {
        if (activity is { IsStopped: false, Status: not ActivityStatusCode.Error })
        {
            activity.SetTag(Attributes.Stopped, true);
        }
    }

    private static string Label<T>(T? value)
        where T : struct, Enum => value is { } v ? Label(v) : "none";

    private static string Label<T>(T value)
        where T : struct, Enum => Labels<T>.Of.TryGetValue(value, out var label) ? label : "other";

    private static class Labels<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Of =
            Enum.GetValues<T>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
    }
}
