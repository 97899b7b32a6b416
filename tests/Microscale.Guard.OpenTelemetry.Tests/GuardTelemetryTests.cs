using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class GuardTelemetryTests
{
    private static readonly ClaimVerdict[] Verdicts =
    [
        new(new Claim("Confidential one.", 0, 17), Verdict.Supported) { Findings = [new("entailment", Verdict.Supported) { Score = 0.9, Explanation = "Confidential" }] },
        new(new Claim("Confidential two.", 18, 17), Verdict.Contradicted) { Findings = [new("numbers", Verdict.Contradicted)] },
        new(new Claim("Confidential three.", 36, 19), Verdict.Unverifiable),
    ];

    private static readonly GuardReport Report = new()
    {
        Decision = GuardDecision.Abstained,
        Reason = GuardReason.LowConfidence,
        Explanation = "Confidential",
        Confidence = new("s", 0.25),
        Verdicts = Verdicts,
        Attempts = [new(GuardAttemptKind.Draft, GuardReason.LowConfidence) { ModelId = "m" }],
        Timings = new() { Total = TimeSpan.FromSeconds(3), Generation = TimeSpan.FromSeconds(2) },
    };

    [Fact]
    public void Parts_OfARequest_AreBelowTheGuard()
    {
        using var listening = new Listening();

        using (var guard = GuardTelemetry.StartGuard(streaming: false))
        {
            Assert.Null(GuardTelemetry.StartGuard(streaming: false));
            using (var retrieval = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Retrieval))
            {
                GuardTelemetry.RecordRetrieval(retrieval, "documents", GroundingOutcome.Found, 4);
            }

            using (GuardTelemetry.StartAttempt(GuardAttemptKind.Escalation))
            {
                Assert.Null(GuardTelemetry.StartGuard(streaming: true));
                using var verification = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification);
                GuardTelemetry.RecordVerdicts(verification, NullLogger.Instance, Verdicts, "r1");
            }

            GuardTelemetry.RecordDecision(guard, Request(), Report, Response("m"));
        }

        var root = listening.Single("guard");
        Assert.Equal(root.SpanId, listening.Single("guard.retrieval").ParentSpanId);
        Assert.Equal(4, listening.Single("guard.retrieval").GetTagItem("microscale.guard.evidence.count"));
        var attempt = listening.Single("guard.attempt");
        Assert.Equal(root.SpanId, attempt.ParentSpanId);
        Assert.Equal("escalation", attempt.GetTagItem("microscale.guard.attempt.kind"));
        Assert.Equal(attempt.SpanId, listening.Single("guard.verification").ParentSpanId);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["microscale.guard.streaming"] = false,
                ["microscale.guard.decision"] = "abstained",
                ["microscale.guard.reason"] = "low_confidence",
                ["microscale.guard.confidence"] = 0.25,
                ["microscale.guard.claim.count"] = 3,
                ["microscale.guard.attempt.count"] = 1,
                ["microscale.guard.policy"] = "confidence_threshold",
                ["gen_ai.response.model"] = "m",
                ["gen_ai.response.id"] = "r1",
            },
            root.TagObjects.ToDictionary());
        Assert.DoesNotContain(
            listening.Activities.SelectMany(a => a.TagObjects.Concat(a.Events.SelectMany(e => e.Tags))),
            t => t.Value?.ToString()?.Contains("Confidential", StringComparison.OrdinalIgnoreCase) is true);
    }

    [Fact]
    public void RecordVerdicts_EachVerdict_IsAnEvaluationResultAndACount()
    {
        using var listening = new Listening();

        using (var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification))
        {
            GuardTelemetry.RecordVerdicts(activity, NullLogger.Instance, Verdicts, "r1");
        }

        var events = listening.Single("guard.verification").Events.Select(e => e.Tags.ToDictionary()).ToList();
        Assert.Equal(["entailment", "numbers", "none"], events.Select(t => t["gen_ai.evaluation.name"]));
        Assert.Equal(["supported", "contradicted", "unverifiable"], events.Select(t => t["gen_ai.evaluation.score.label"]));
        Assert.Equal(0.9, events[0]["gen_ai.evaluation.score.value"]);
        Assert.DoesNotContain("gen_ai.evaluation.score.value", events[1]);
        Assert.All(events, t => Assert.Equal("r1", t["gen_ai.response.id"]));
        var claims = listening.Metric("microscale.guard.claims");
        Assert.Equal(
            [
                "microscale.guard.verdict=contradicted microscale.guard.verifier=numbers",
                "microscale.guard.verdict=supported microscale.guard.verifier=entailment",
                "microscale.guard.verdict=unverifiable microscale.guard.verifier=none",
            ],
            claims.Keys.Order(StringComparer.Ordinal));
        Assert.All(claims.Values, p => Assert.Equal(1, p.GetSumLong()));
    }

    [Fact]
    public void RecordDecision_Requests_AreCountedByDecisionReasonModelAndPolicy()
    {
        using var listening = new Listening();

        GuardTelemetry.RecordDecision(null, Request(), Report, Response("m"));
        GuardTelemetry.RecordDecision(null, Request(), Report, Response("m"));
        GuardTelemetry.RecordDecision(null, Request(), Report with { Decision = GuardDecision.Delivered, Reason = GuardReason.None }, Response(null));

        var requests = listening.Metric("microscale.guard.requests");
        Assert.Equal(2, requests.Count);
        Assert.Equal(
            2,
            requests["gen_ai.response.model=m microscale.guard.decision=abstained microscale.guard.policy=confidence_threshold microscale.guard.reason=low_confidence"].GetSumLong());
        Assert.Equal(
            1, requests["gen_ai.response.model=unknown microscale.guard.decision=delivered microscale.guard.policy=confidence_threshold microscale.guard.reason=none"].GetSumLong());
        var overhead = Assert.Single(listening.Metric("microscale.guard.overhead")).Value;
        Assert.Equal((3, 3.0), (overhead.GetHistogramCount(), overhead.GetHistogramSum()));
        var model = listening.Metric("microscale.guard.model.duration");
        Assert.Equal((3, 6.0), (model["gen_ai.response.model=m"].GetHistogramCount(), model["gen_ai.response.model=m"].GetHistogramSum()));
    }

    [Fact]
    public void RecordConfidence_Scores_FillTheHistogramByScorer()
    {
        using var listening = new Listening();

        GuardTelemetry.RecordConfidence(null, NullLogger.Instance, new("s", 0.05), null);
        GuardTelemetry.RecordConfidence(null, NullLogger.Instance, new("s", 0.95), null);
        GuardTelemetry.RecordConfidence(null, NullLogger.Instance, ConfidenceScore.Unavailable("s", "no"), null);
        GuardTelemetry.RecordConfidence(null, NullLogger.Instance, new("t", 1), null);

        var confidence = listening.Metric("microscale.guard.confidence");
        Assert.Equal(2, confidence["microscale.guard.scorer=s"].GetHistogramCount());
        Assert.Equal(1, confidence["microscale.guard.scorer=t"].GetHistogramCount());
        var buckets = new Dictionary<double, long>();
        foreach (var bucket in confidence["microscale.guard.scorer=s"].GetHistogramBuckets())
        {
            buckets[bucket.ExplicitBound] = bucket.BucketCount;
        }

        Assert.Equal((1, 1, 0), (buckets[0.1], buckets[0.95], buckets[double.PositiveInfinity]));
    }

    [Fact]
    public void RecordAttemptTokensAndBypass_AreCounted()
    {
        using var listening = new Listening();

        GuardTelemetry.RecordAttempt(GuardAttemptKind.Repair, GuardReason.Contradicted);
        GuardTelemetry.RecordTokens(new UsageDetails { InputTokenCount = 7 }, null, "m", null);
        GuardTelemetry.RecordTokens(null, null, "m", null);
        GuardTelemetry.RecordBypass(null);

        var attempt = Assert.Single(listening.Metric("microscale.guard.attempts"));
        Assert.Equal("microscale.guard.attempt.kind=repair microscale.guard.reason=contradicted", attempt.Key);
        Assert.Equal(7, listening.Metric("microscale.guard.tokens")["gen_ai.response.model=m gen_ai.token.type=input"].GetSumLong());
        Assert.Empty(listening.Metric("microscale.guard.cost"));
        Assert.Equal(1, Assert.Single(listening.Metric("microscale.guard.bypasses")).Value.GetSumLong());
    }

    [Fact]
    public void AnyRecord_NobodyListens_ComputesNothing()
    {
        Assert.Null(GuardTelemetry.StartGuard(streaming: true));
        Assert.Null(GuardTelemetry.StartAttempt(GuardAttemptKind.Draft));
        var usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 1 };
        var (request, response) = (Request(), Response("m"));
        var fault = new GuardFault(GuardStage.Confidence, "s", "timeout", "late");
        var score = new ConfidenceScore("s", 0.5);
        All();

        var before = GC.GetAllocatedBytesForCurrentThread();
        All();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void All()
        {
            var activity = GuardTelemetry.StartGuard(streaming: false);
            GuardTelemetry.RecordRetrieval(activity, "documents", GroundingOutcome.Found, 1);
            GuardTelemetry.RecordConfidence(activity, NullLogger.Instance, score, "r");
            GuardTelemetry.RecordVerdicts(activity, NullLogger.Instance, Verdicts, "r");
            GuardTelemetry.RecordFault(activity, fault);
            GuardTelemetry.RecordAttempt(GuardAttemptKind.Repair, GuardReason.Contradicted);
            GuardTelemetry.RecordTokens(usage, null, "m", null);
            GuardTelemetry.RecordBypass(null);
            GuardTelemetry.RecordFirstRelease(TimeSpan.Zero);
            GuardTelemetry.RecordDecision(activity, request, Report, response);
        }
    }

    private static GuardRequest Request() => GuardRequest.Create(
        [new(ChatRole.User, "What?")], null, new AbstentionOptions { Policy = new ConfidenceThresholdPolicy(0.5) }, NullLogger.Instance, streaming: false);

    private static ChatResponse Response(string? model) => new() { ModelId = model, ResponseId = "r1" };

    [Fact]
    public void Names_OfTheGuard_FollowTheConvention()
    {
        var names = typeof(GuardTelemetryNames).GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
            .SelectMany(t => t.GetFields().Select(f => (t.Name, Value: (string)f.GetRawConstantValue()!))).ToList();

        Assert.NotEmpty(names);
        Assert.All(
            names.Where(n => n.Name is "Instruments" or "Attributes"),
            n => Assert.Matches("^(microscale\\.guard|gen_ai|error)(\\.[a-z_]+)+$", n.Value));
    }
}
