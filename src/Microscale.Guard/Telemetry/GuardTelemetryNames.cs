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
        public const string Claims = "microscale.guard.claims";
        public const string Overhead = "microscale.guard.overhead";
        public const string Attempts = "microscale.guard.attempts";
        public const string Tokens = "microscale.guard.tokens";
        public const string Bypasses = "microscale.guard.bypasses";
        public const string Faults = "microscale.guard.faults";
        public const string Drift = "microscale.guard.drift";
        public const string VerdictCacheHits = "microscale.guard.verdict_cache.hits";
    }

    internal static class Attributes
    {
        public const string Decision = "microscale.guard.decision";
        public const string Reason = "microscale.guard.reason";
        public const string Confidence = "microscale.guard.confidence";
        public const string AttemptKind = "microscale.guard.attempt.kind";
        public const string AttemptCount = "microscale.guard.attempt.count";
        public const string ClaimCount = "microscale.guard.claim.count";
        public const string Scorer = "microscale.guard.scorer";
        public const string Verifier = "microscale.guard.verifier";
        public const string Verdict = "microscale.guard.verdict";
        public const string EvidenceCount = "microscale.guard.evidence.count";
        public const string Stage = "microscale.guard.stage";
        public const string Streaming = "microscale.guard.streaming";
        public const string DriftIndex = "microscale.guard.drift.index";
        public const string Drifted = "microscale.guard.drifted";
        public const string Stopped = "microscale.guard.stopped";
        public const string ErrorType = "error.type";
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
        public const string Drift = "microscale.guard.drift";
    }
}
