using System.Text.Json;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>Writes the guard's judgement into a response, as a field that clients of the protocol skip.</summary>
internal static class JudgementWriter
{
    public const string Field = "microscale_guard";

    public static void Write(Utf8JsonWriter json, GuardReport? report, GuardedEndpointOptions options)
    {
        if (report is null || !options.IncludeJudgement)
        {
            return;
        }

        // The claims of an abstention are those of the draft that was withheld.
        var showsClaims = report.Decision != GuardDecision.Abstained || options.IncludeWithheldClaims;
        json.WriteStartObject(Field);
        json.WriteString("decision", report.Decision?.ToString());
        json.WriteString("reason", report.Reason.ToString());
        json.WriteString("explanation", showsClaims ? report.Explanation : null);
        WriteConfidence(json, report.Confidence);
        json.WriteStartArray("verdicts");
        foreach (var verdict in report.Verdicts ?? [])
        {
            WriteVerdict(json, verdict, showsClaims);
        }

        json.WriteEndArray();
        json.WriteStartArray("evidence");
        foreach (var evidence in report.Evidence)
        {
            json.WriteStartObject();
            json.WriteString("id", evidence.Id);
            json.WriteString("source", evidence.Source);
            json.WriteString("url", evidence.Url?.OriginalString);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("attempts", report.Attempts.Count);
        json.WriteNumber("milliseconds", (long)report.Timings.Total.TotalMilliseconds);
        json.WriteEndObject();
    }

    private static void WriteConfidence(Utf8JsonWriter json, ConfidenceScore? confidence)
    {
        if (confidence is not { Value: { } value })
        {
            json.WriteNull("confidence");
            return;
        }

        json.WriteStartObject("confidence");
        json.WriteNumber("value", value);
        json.WriteString("scorer", confidence.Scorer);
        json.WriteBoolean("calibrated", confidence.IsCalibrated);
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, ClaimVerdict verdict, bool showsClaims)
    {
        json.WriteStartObject();
        json.WriteString("verdict", verdict.Verdict.ToString());
        if (showsClaims)
        {
            json.WriteString("claim", verdict.Claim.Text);
            json.WriteNumber("start", verdict.Claim.Start);
            json.WriteNumber("length", verdict.Claim.Length);
            json.WriteString("explanation", verdict.Decisive?.Explanation);
        }

        json.WriteString("verifier", verdict.Decisive?.Verifier);
        if (verdict.Decisive?.Score is { } score)
        {
            json.WriteNumber("score", score);
        }

        json.WriteString("evidence_id", verdict.Decisive?.EvidenceId);
        json.WriteEndObject();
    }
}
