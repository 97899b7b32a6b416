using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>What telemetry costs a request when nobody listens: all calls that a grounded, scored, verified and repaired stream of eight
/// sentences makes of it. Within the whole chain, whose work goes from thread to thread, so little could not be seen.</summary>
internal sealed class TelemetryIdleBenchmark : IQuickBenchmark
{
    private const int Requests = 20_000;
    private const int Rounds = 20;
    private const int Sentences = 8;

    private static readonly ClaimVerdict[] s_verdicts =
        [new(new Claim("It was in 1965.", 0, 15), Verdict.Supported) { Findings = [new("entailment", Verdict.Supported) { Score = 0.9 }] }];

    private readonly GuardRequest _request = GuardRequest.Create(
        [new(ChatRole.User, "When was it?")], null, new AbstentionOptions { Policy = new VerdictPolicy() }, NullLogger.Instance, streaming: true);

    private readonly ChatResponse _response = new() { ResponseId = "r", ModelId = "m", Usage = new() { InputTokenCount = 10, OutputTokenCount = 5 } };
    private readonly GuardReport _report = new()
    {
        Decision = GuardDecision.Repaired,
        Reason = GuardReason.Contradicted,
        Confidence = new("s", 0.9),
        Verdicts = s_verdicts,
        Attempts = [new(GuardAttemptKind.Draft, GuardReason.Contradicted), new(GuardAttemptKind.Repair, GuardReason.None)],
    };

    public IReadOnlyList<string> Names { get; } = ["telemetry-idle-us", "telemetry-idle-bytes"];

    public IReadOnlyList<double> Run()
    {
        var (best, bytes) = (double.MaxValue, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Requests; i++)
            {
                Record();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Requests);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Requests;
        }

        return [best, bytes];
    }

    private void Record()
    {
        // Each of the boxes asks whether it is the outermost.
        using var guard = GuardTelemetry.StartGuard(streaming: true);
        for (var box = 0; box < 3; box++)
        {
            GuardTelemetry.StartGuard(streaming: true)?.Dispose();
        }

        using (var retrieval = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Retrieval))
        {
            GuardTelemetry.RecordRetrieval(retrieval, "source", GroundingOutcome.Found, 4);
        }

        foreach (var kind in (ReadOnlySpan<GuardAttemptKind>)[GuardAttemptKind.Draft, GuardAttemptKind.Repair])
        {
            using var attempt = GuardTelemetry.StartAttempt(kind);
            using (var generation = GuardTelemetry.StartGeneration(null))
            {
                GuardTelemetry.RecordGeneration(generation, "r", "m");
            }

            for (var sentence = 0; sentence < Sentences; sentence++)
            {
                using var verification = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification);
                GuardTelemetry.RecordVerdicts(verification, NullLogger.Instance, s_verdicts, "r");
                GuardTelemetry.Restore(guard);
            }

            using (var scoring = GuardTelemetry.StartScoring("s"))
            {
                GuardTelemetry.RecordConfidence(scoring, NullLogger.Instance, _report.Confidence!, "r");
            }

            GuardTelemetry.RecordAttempt(kind, GuardReason.None);
            GuardTelemetry.RecordTokens(_response.Usage, null, "m", null);
        }

        GuardTelemetry.RecordFirstRelease(TimeSpan.Zero);
        GuardTelemetry.RecordDecision(guard, _request, _report, _response);
    }
}
