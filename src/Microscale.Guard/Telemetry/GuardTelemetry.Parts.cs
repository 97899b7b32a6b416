using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using static Microscale.Guard.GuardInstruments;
using static Microscale.Guard.GuardTelemetryNames;

namespace Microscale.Guard;

/// <summary>What the parts of a request found and spent.</summary>
internal static partial class GuardTelemetry
{
    /// <summary>Records a search for evidence.</summary>
    /// <param name="activity">Its activity; null for none.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="count">How many passages it found.</param>
    public static void RecordRetrieval(Activity? activity, string source, GroundingOutcome outcome, int count)
    {
        if (Retrievals.Enabled)
        {
            Retrievals.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.Retrieval, Label(outcome)),
                new KeyValuePair<string, object?>(Attributes.DataSource, Sources.Bound(source)));
        }

        if (count > 0 && GuardInstruments.Evidence.Enabled)
        {
            GuardInstruments.Evidence.Add(count, new KeyValuePair<string, object?>(Attributes.DataSource, Sources.Bound(source)));
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(Attributes.Operation, "retrieval")
                .SetTag(Attributes.DataSource, source)
                .SetTag(Attributes.Retrieval, Label(outcome))
                .SetTag(Attributes.EvidenceCount, outcome == GroundingOutcome.Failed ? null : count);
        }
    }

    public static void RecordConfidence(Activity? activity, ILogger logger, ConfidenceScore score, string? responseId)
    {
        if (score is { IsCalibrated: true, Value: { } probability })
        {
            RecordProbability(score.Scorer, probability);
        }

        if ((score.RawValue ?? (score.IsCalibrated ? null : score.Value)) is { } raw && GuardInstruments.Confidence.Enabled)
        {
            GuardInstruments.Confidence.Record(raw, new KeyValuePair<string, object?>(Attributes.Scorer, Scorers.Bound(score.Scorer)));
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(Attributes.Confidence, score.Value).SetTag(Attributes.Calibrated, score.IsCalibrated);
        }

        var label = score.Value is null ? "unavailable" : score.IsCalibrated ? "calibrated" : "raw";
        EvaluationEvents.Record(activity, logger, score.Scorer, score.Value, label, responseId);
    }

    public static void RecordProbability(string scorer, double probability)
    {
        if (Probability.Enabled)
        {
            Probability.Record(probability, new KeyValuePair<string, object?>(Attributes.Scorer, Scorers.Bound(scorer)));
        }
    }

    public static void RecordVerdicts(Activity? activity, ILogger logger, IReadOnlyList<ClaimVerdict> verdicts, string? responseId)
    {
        if (!Claims.Enabled && activity is not { IsAllDataRequested: true } && !logger.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        foreach (var verdict in verdicts)
        {
            var (verifier, label) = (verdict.Decisive?.Verifier ?? "none", Label(verdict.Verdict));
            if (Claims.Enabled)
            {
                Claims.Add(
                    1,
                    new KeyValuePair<string, object?>(Attributes.Verdict, label),
                    new KeyValuePair<string, object?>(Attributes.Verifier, Verifiers.Bound(verifier)));
            }

            EvaluationEvents.Record(activity, logger, verifier, verdict.Decisive?.Score, label, responseId);
        }
    }

    /// <summary>Counts findings that came from the verdict cache, and links the activity to those in which they were made.</summary>
    public static void RecordVerdictCacheHits(Activity? activity, string verifier, IReadOnlyCollection<CachedFinding> hits)
    {
        if (hits.Count > 0 && VerdictCacheHits.Enabled)
        {
            VerdictCacheHits.Add(hits.Count, new KeyValuePair<string, object?>(Attributes.Verifier, Verifiers.Bound(verifier)));
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
                new KeyValuePair<string, object?>(Attributes.ErrorType, ErrorTypes.Bound(fault.ErrorType)));
        }
    }

    public static void RecordAttempt(GuardAttemptKind kind, GuardReason reason)
    {
        if (Attempts.Enabled)
        {
            Attempts.Add(
                1,
                new KeyValuePair<string, object?>(Attributes.AttemptKind, Label(kind)),
                new KeyValuePair<string, object?>(Attributes.Reason, Label(reason)));
        }
    }

    /// <summary>Records tokens that were spent because of the guard, and what they cost.</summary>
    /// <param name="usage">The tokens; null when the model does not say.</param>
    /// <param name="recorded">Those of them that were recorded before.</param>
    /// <param name="modelId">The model; null when it does not say.</param>
    /// <param name="prices">What tokens cost; null when nobody knows.</param>
    public static void RecordTokens(UsageDetails? usage, UsageDetails? recorded, string? modelId, TokenPrices? prices)
    {
        if (usage is null || !(Tokens.Enabled || Cost.Enabled))
        {
            return;
        }

        var model = Models.Bound(modelId);
        var input = Math.Max(0, (usage.InputTokenCount ?? 0) - (recorded?.InputTokenCount ?? 0));
        var output = Math.Max(0, (usage.OutputTokenCount ?? 0) - (recorded?.OutputTokenCount ?? 0));
        Add("input", input);
        Add("output", output);
        if (prices?.CostOf(modelId, input, output) is { } cost)
        {
            Cost.Add(
                cost,
                new KeyValuePair<string, object?>(Attributes.ResponseModel, model),
                new KeyValuePair<string, object?>(Attributes.Currency, prices.Currency));
        }

        void Add(string type, long count) => Tokens.Add(
            count,
            new KeyValuePair<string, object?>(Attributes.TokenType, type),
            new KeyValuePair<string, object?>(Attributes.ResponseModel, model));
    }

    /// <summary>Records how the latest scores compare with the calibrated ones, and on the request when that changed.</summary>
    public static void RecordDrift(DriftStatus status, bool changed)
    {
        if (status.StabilityIndex is not { } index)
        {
            return;
        }

        if (Drift.Enabled)
        {
            Drift.Record(
                index,
                new KeyValuePair<string, object?>(Attributes.Scorer, Scorers.Bound(status.Scorer)),
                new KeyValuePair<string, object?>(Attributes.Drifted, status.IsDrifted));
        }

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
