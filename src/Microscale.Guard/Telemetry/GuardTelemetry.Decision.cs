using System.Diagnostics;
using Microsoft.Extensions.AI;
using static Microscale.Guard.GuardInstruments;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>What became of a request.</summary>
internal static partial class GuardTelemetry
{
    /// <summary>How many failed claims an abstention names.</summary>
    private const int MaxNamedClaims = 20;

    /// <summary>Records a request that passes unjudged.</summary>
    /// <param name="activity">The activity of the request; null when an outer box started it.</param>
    public static void RecordBypass(Activity? activity)
    {
        Bypasses.Add(1);
        (activity ?? Current)?.SetTag(Attributes.Decision, Label(GuardDecision.Delivered))
            .SetTag(Attributes.Reason, Label(GuardReason.Bypassed));
    }

    /// <summary>Records that the first text of a streamed answer is let out.</summary>
    /// <param name="elapsed">The time since the request came to the outermost box.</param>
    public static void RecordFirstRelease(TimeSpan elapsed) => TimeToFirstRelease.Record(Math.Max(0, elapsed.TotalSeconds));

    /// <summary>Records where the time of a request went; once, by the outermost box.</summary>
    /// <param name="report">The judgement, with the total time as that box saw it.</param>
    /// <param name="reading">The part of the total time in which the reader of a stream held its updates. The model may go on
    /// meanwhile, so the overhead of a request that is read slowly is a lower bound.</param>
    public static void RecordTime(GuardReport report, TimeSpan reading)
    {
        Overhead.Record(Math.Max(0, (report.Timings.Total - report.Timings.Generation - reading).TotalSeconds));
        if (ModelDuration.Enabled && report.Attempts is [.., var last])
        {
            ModelDuration.Record(
                report.Timings.Generation.TotalSeconds, new KeyValuePair<string, object?>(Attributes.ResponseModel, Models.Bound(last.ModelId)));
        }
    }

    /// <summary>Records the outcome of a request, once, by the box that decided.</summary>
    /// <param name="activity">The activity of the request; null when an outer box started it.</param>
    /// <param name="request">The request.</param>
    /// <param name="report">The judgement.</param>
    /// <param name="response">What the decision is about: the response that goes out, or the draft of it.</param>
    public static void RecordDecision(Activity? activity, GuardRequest request, GuardReport report, ChatResponse response)
    {
        if (Requests.Enabled)
        {
            Requests.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.Decision, Label(report.Decision)),
                new KeyValuePair<string, object?>(Attributes.Reason, Label(report.Reason)),
                new KeyValuePair<string, object?>(Attributes.ResponseModel, Models.Bound(response.ModelId)),
                new KeyValuePair<string, object?>(Attributes.Policy, Policies.Bound(request.PolicyName)));
        }

        if (!request.IsTimedOutside)
        {
            RecordTime(report, request.Reading);
        }

        if ((activity ?? Current) is { IsAllDataRequested: true } guard)
        {
            guard.SetTag(Attributes.Decision, Label(report.Decision))
                .SetTag(Attributes.Reason, Label(report.Reason))
                .SetTag(Attributes.Policy, request.PolicyName)
                .SetTag(Attributes.Confidence, report.Confidence?.Value)
                .SetTag(Attributes.ClaimCount, report.Verdicts?.Count)
                .SetTag(Attributes.AttemptCount, report.Attempts.Count)
                .SetTag(Attributes.ResponseModel, response.ModelId)
                .SetTag(Attributes.ResponseId, response.ResponseId);
            if (report.Decision == GuardDecision.Abstained)
            {
                RecordAbstention(guard, request, report);
            }
        }
    }

    /// <summary>Makes an abstention seen at a glance: its status, and an event with what it rests on.</summary>
    private static void RecordAbstention(Activity guard, GuardRequest request, GuardReport report)
    {
        List<ClaimVerdict> failed = [.. (report.Verdicts ?? []).Where(v => v.Verdict != Verdict.Supported)];
        var tags = new ActivityTagsCollection
        {
            [Attributes.Reason] = Label(report.Reason),
            [Attributes.FailedClaimCount] = failed.Count,
        };
        if (report.Confidence is { Value: { } value } confidence)
        {
            tags[Attributes.Confidence] = value;
            tags[Attributes.Calibrated] = confidence.IsCalibrated;
        }

        if (request.Threshold is { } threshold)
        {
            tags[Attributes.Threshold] = threshold;
        }

        if (failed.Count > 0)
        {
            tags[Attributes.FailedClaims] = failed.Take(MaxNamedClaims).Select(v => $"{Label(v.Verdict)}:{v.Decisive?.Verifier ?? "none"}").ToArray();
            if (request.CapturesContent)
            {
                tags[Attributes.FailedClaimTexts] = failed.Take(MaxNamedClaims).Select(v => v.Claim.Text).ToArray();
            }
        }

        guard.SetStatus(ActivityStatusCode.Error, $"abstained: {Label(report.Reason)}");
        guard.AddEvent(new ActivityEvent(Events.Abstention, tags: tags));
    }
}
