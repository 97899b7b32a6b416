using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>The guard's activities and instruments. Nothing is computed when nobody listens; no content is recorded.</summary>
internal static class GuardTelemetry
{
    private static readonly string? Version = typeof(GuardTelemetry).Assembly.GetName().Version?.ToString();
    private static readonly ActivitySource ActivitySource = new(Source, Version);
    private static readonly Meter Meter = new(Source, Version);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        Instruments.Requests, "{request}", "Guarded requests by decision, reason and model.");

    private static readonly Histogram<double> ConfidenceValues = Meter.CreateHistogram(
        Instruments.Confidence, "1", "Confidence of answers by scorer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] });

    private static readonly Counter<long> Claims = Meter.CreateCounter<long>(
        Instruments.Claims, "{claim}", "Claims by verdict and by the verifier that decided.");

    private static readonly Histogram<double> Overhead = Meter.CreateHistogram(
        Instruments.Overhead, "s", "Time of a guarded request that was neither the model's nor the reader's of a stream.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        Instruments.Attempts, "{attempt}", "Drafts by kind and by the reason they were withheld for.");

    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>(
        Instruments.Tokens, "{token}", "Tokens that the guard spent beyond the first draft: samples, repairs, escalations.");

    private static readonly Counter<long> Bypasses = Meter.CreateCounter<long>(
        Instruments.Bypasses, "{request}", "Requests whose caller bypassed the guard.");

    private static readonly Counter<long> Faults = Meter.CreateCounter<long>(
        Instruments.Faults, "{fault}", "Failures of sources, scorers, verifiers and further attempts.");

    private static readonly Gauge<double> Drift = Meter.CreateGauge<double>(
        Instruments.Drift, "1", "How far the latest scores are from the calibrated ones (population stability index).");

    private static readonly Counter<long> VerdictCacheHits = Meter.CreateCounter<long>(
        Instruments.VerdictCacheHits, "{claim}", "Claims whose finding came from the verdict cache, by verifier.");

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

    public static void RecordEvidence(Activity? activity, int count) => activity?.SetTag(Attributes.EvidenceCount, count);

    public static void RecordConfidence(Activity? activity, ConfidenceScore score, string? responseId)
    {
        if (score.Value is { } value)
        {
            ConfidenceValues.Record(value, new KeyValuePair<string, object?>(Attributes.Scorer, score.Scorer));
        }

        activity?.SetTag(Attributes.Confidence, score.Value);
        var label = score.Value is null ? "unavailable" : score.IsCalibrated ? "calibrated" : "raw";
        RecordEvaluation(activity, score.Scorer, score.Value, label, responseId);
    }

    public static void RecordVerdicts(Activity? activity, IEnumerable<ClaimVerdict> verdicts, string? responseId)
    {
        if (!Claims.Enabled && activity is not { IsAllDataRequested: true })
        {
            return;
        }

        foreach (var verdict in verdicts)
        {
            var verifier = verdict.Decisive?.Verifier ?? "none";
            Claims.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.Verdict, Label(verdict.Verdict)),
                new KeyValuePair<string, object?>(Attributes.Verifier, verifier));
            RecordEvaluation(activity, verifier, verdict.Decisive?.Score, Label(verdict.Verdict), responseId);
        }
    }

    /// <summary>Counts findings that came from the verdict cache, and links the activity to those in which they were made.</summary>
    public static void RecordVerdictCacheHits(Activity? activity, string verifier, IReadOnlyCollection<CachedFinding> hits)
    {
        if (hits.Count > 0)
        {
            VerdictCacheHits.Add(hits.Count, new KeyValuePair<string, object?>(Attributes.Verifier, verifier));
        }

        if (activity is { IsAllDataRequested: true })
        {
            foreach (var madeIn in hits.Select(h => h.Finding?.MadeIn).Distinct())
            {
                if (ActivityContext.TryParse(madeIn, null, out var context))
                {
                    activity.AddLink(new ActivityLink(context));
                }
            }
        }
    }

    public static void RecordFault(Activity? activity, GuardFault fault)
    {
        activity?.SetStatus(ActivityStatusCode.Error).SetTag(Attributes.ErrorType, fault.ErrorType);
        if (Faults.Enabled)
        {
            Faults.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.Stage, Label(fault.Stage)),
                new KeyValuePair<string, object?>(Attributes.ErrorType, fault.ErrorType));
        }
    }

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

    public static void RecordAttempt(GuardAttempt attempt)
    {
        if (Attempts.Enabled)
        {
            Attempts.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.AttemptKind, Label(attempt.Kind)),
                new KeyValuePair<string, object?>(Attributes.Reason, Label(attempt.Reason)));
        }
    }

    /// <summary>Records tokens that were spent because of the guard.</summary>
    /// <param name="usage">The tokens; null when the model does not say.</param>
    /// <param name="recorded">Those of them that were recorded before.</param>
    public static void RecordTokens(UsageDetails? usage, UsageDetails? recorded = null)
    {
        if (usage is null || !Tokens.Enabled)
        {
            return;
        }

        Add("input", usage.InputTokenCount, recorded?.InputTokenCount);
        Add("output", usage.OutputTokenCount, recorded?.OutputTokenCount);

        static void Add(string type, long? all, long? before) => Tokens.Add(
            Math.Max(0, (all ?? 0) - (before ?? 0)), new KeyValuePair<string, object?>(Attributes.TokenType, type));
    }

    /// <summary>Records how the latest scores compare with the calibrated ones, and on the request when that changed.</summary>
    public static void RecordDrift(DriftStatus status, bool changed)
    {
        if (status.StabilityIndex is { } index)
        {
            Drift.Record(
                index,
                new KeyValuePair<string, object?>(Attributes.Scorer, status.Scorer),
                new KeyValuePair<string, object?>(Attributes.Drifted, status.IsDrifted));
            if (changed && Current is { IsAllDataRequested: true } activity)
            {
                activity.AddEvent(new ActivityEvent(Events.Drift, tags: new ActivityTagsCollection
                {
                    [Attributes.Scorer] = status.Scorer,
                    [Attributes.DriftIndex] = index,
                    [Attributes.Drifted] = status.IsDrifted,
                }));
            }
        }
    }

    /// <summary>Records a request that passes unjudged.</summary>
    /// <param name="activity">The activity of the request; null when an outer box started it.</param>
    public static void RecordBypass(Activity? activity)
    {
        Bypasses.Add(1);
        (activity ?? Current)?.SetTag(Attributes.Decision, Label(GuardDecision.Delivered))
            .SetTag(Attributes.Reason, Label(GuardReason.Bypassed));
    }

    /// <summary>Records the outcome of a request, once, by the box that decided.</summary>
    /// <param name="activity">The activity of the request; null when an outer box started it.</param>
    /// <param name="report">The judgement.</param>
    /// <param name="modelId">The model; null when it does not say.</param>
    /// <param name="overhead">The part of the total time that was the guard's.</param>
    public static void RecordDecision(Activity? activity, GuardReport report, string? modelId, TimeSpan overhead)
    {
        activity ??= Current;
        if (Requests.Enabled)
        {
            Requests.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.Decision, Label(report.Decision)),
                new KeyValuePair<string, object?>(Attributes.Reason, Label(report.Reason)),
                new KeyValuePair<string, object?>(Attributes.ResponseModel, modelId ?? "unknown"));
        }

        if (Overhead.Enabled)
        {
            Overhead.Record(overhead.TotalSeconds);
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(Attributes.Decision, Label(report.Decision))
                .SetTag(Attributes.Reason, Label(report.Reason))
                .SetTag(Attributes.Confidence, report.Confidence?.Value)
                .SetTag(Attributes.ClaimCount, report.Verdicts?.Count)
                .SetTag(Attributes.AttemptCount, report.Attempts.Count)
                .SetTag(Attributes.ResponseModel, modelId);
        }
    }

    private static void RecordEvaluation(Activity? activity, string name, double? score, string label, string? responseId)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        var tags = new ActivityTagsCollection
        {
            [Attributes.EvaluationName] = name,
            [Attributes.EvaluationLabel] = label,
        };
        if (score is not null)
        {
            tags[Attributes.EvaluationScore] = score;
        }

        if (responseId is not null)
        {
            tags[Attributes.ResponseId] = responseId;
        }

        activity.AddEvent(new ActivityEvent(Events.EvaluationResult, tags: tags));
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
