namespace Microscale.Guard.AspNetCore.Tests.History;

/// <summary>Decisions to write.</summary>
internal static class Records
{
    private static readonly DecisionMapper Mapper = new(captureContent: true, 1_000_000);

    /// <summary>A decision at a time.</summary>
    /// <param name="at">The time.</param>
    /// <param name="score">The confidence; below 0.5 it is withheld for it.</param>
    /// <param name="verdict">The verdict on its one claim; a contradicted one is withheld.</param>
    /// <param name="text">The answer.</param>
    public static DecisionRecord Of(DateTimeOffset at, double score = 0.9, Verdict verdict = Verdict.Supported, string text = "An answer.") =>
        Mapper.Map(Observation(score, verdict, text), at);

    public static GuardObservation Observation(double score = 0.9, Verdict verdict = Verdict.Supported, string text = "An answer.")
    {
        var reason = verdict != Verdict.Supported ? GuardReason.Contradicted : score < 0.5 ? GuardReason.LowConfidence : GuardReason.None;
        var confidence = new ConfidenceScore("s", score);
        return new(new GuardReport
        {
            Decision = reason == GuardReason.None ? GuardDecision.Delivered : GuardDecision.Abstained,
            Reason = reason,
            Confidence = confidence,
            Evidence = [new("e", "A passage.") { Source = "a.md" }],
            Verdicts = [new(new Claim(text, 0, text.Length), verdict) { Findings = [new("v", verdict)] }],
            Attempts = [new(GuardAttemptKind.Draft, reason) { Confidence = confidence }],
            Timings = new() { Total = TimeSpan.FromMilliseconds(100), Generation = TimeSpan.FromMilliseconds(80) },
        })
        {
            Overhead = TimeSpan.FromMilliseconds(20),
            ModelId = "m",
            Threshold = 0.5,
            Question = "A question?",
            Answer = text,
            Pipeline = new("s/1", "m", "p"),
        };
    }
}
