namespace Microscale.Guard;

/// <summary>All names that the guard's telemetry uses.</summary>
public static class GuardTelemetryNames
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Source = "Microscale.Guard";

    internal static class Activities
    {
        public const string Guard = "guard";
        public const string Retrieval = "guard.retrieval";
        public const string Attempt = "guard.attempt";
        public const string Generation = "guard.generation";
        public const string Scoring = "guard.scoring";
        public const string Verification = "guard.verification";
    }

    internal static class Instruments
    {
        public const string Requests = "microscale.guard.requests";
        public const string Confidence = "microscale.guard.confidence";
        public const string Probability = "microscale.guard.probability";
        public const string Claims = "microscale.guard.claims";
        public const string Overhead = "microscale.guard.overhead";
        public const string ModelDuration = "microscale.guard.model.duration";
        public const string TimeToFirstRelease = "microscale.guard.time_to_first_release";
        public const string Attempts = "microscale.guard.attempts";
        public const string Tokens = "microscale.guard.tokens";
        public const string Cost = "microscale.guard.cost";
        public const string Retrievals = "microscale.guard.retrievals";
        public const string Evidence = "microscale.guard.evidence";
        public const string Bypasses = "microscale.guard.bypasses";
        public const string Faults = "microscale.guard.faults";
        public const string Drift = "microscale.guard.drift";
        public const string VerdictCacheHits = "microscale.guard.verdict_cache.hits";
        public const string EngineQueue = "microscale.guard.engine.queue";
        public const string EngineRunning = "microscale.guard.engine.running";
    }

    internal static class Attributes
    {
        public const string Decision = "microscale.guard.decision";
        public const string Reason = "microscale.guard.reason";
        public const string Confidence = "microscale.guard.confidence";
        public const string Calibrated = "microscale.guard.confidence.calibrated";
        public const string Threshold = "microscale.guard.threshold";
        public const string Policy = "microscale.guard.policy";
        public const string AttemptKind = "microscale.guard.attempt.kind";
        public const string AttemptCount = "microscale.guard.attempt.count";
        public const string ClaimCount = "microscale.guard.claim.count";
        public const string FailedClaimCount = "microscale.guard.claim.failed.count";
        public const string FailedClaims = "microscale.guard.claim.failed";
        public const string FailedClaimTexts = "microscale.guard.claim.failed.texts";
        public const string Scorer = "microscale.guard.scorer";
        public const string Verifier = "microscale.guard.verifier";
        public const string Verdict = "microscale.guard.verdict";
        public const string EvidenceCount = "microscale.guard.evidence.count";
        public const string Retrieval = "microscale.guard.retrieval.outcome";
        public const string Currency = "microscale.guard.currency";
        public const string Stage = "microscale.guard.stage";
        public const string Streaming = "microscale.guard.streaming";
        public const string DriftIndex = "microscale.guard.drift.index";
        public const string Drifted = "microscale.guard.drifted";
        public const string Stopped = "microscale.guard.stopped";
        public const string ErrorType = "error.type";
        public const string Operation = "gen_ai.operation.name";
        public const string DataSource = "gen_ai.data_source.id";
        public const string RequestModel = "gen_ai.request.model";
        public const string ResponseModel = "gen_ai.response.model";
        public const string ResponseId = "gen_ai.response.id";
        public const string TokenType = "gen_ai.token.type";
        public const string EvaluationName = "gen_ai.evaluation.name";
        public const string EvaluationScore = "gen_ai.evaluation.score.value";
        public const string EvaluationLabel = "gen_ai.evaluation.score.label";
    }

    internal static class Events
    {
        public const string EvaluationResult = "gen_ai.evaluation.result";
        public const string Abstention = "microscale.guard.abstention";
        public const string Drift = "microscale.guard.drift";
    }
}
