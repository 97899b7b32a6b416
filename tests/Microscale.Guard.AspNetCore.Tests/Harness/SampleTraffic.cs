using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.AspNetCore.Tests.Harness;

/// <summary>An hour of invented traffic, the same each time.</summary>
internal static class SampleTraffic
{
    private const int Count = 900;

    private static readonly (string Question, string Answer, string Wrong, string Source)[] Topics =
    [
        ("How long is the guarantee on the pump?", "The guarantee on the pump is 36 months. It begins on the day of delivery.", "The guarantee on the pump is 60 months. It begins on the day of delivery.", "guarantee.md"),
        ("At which pressure does the valve open?", "The valve opens at 6.5 bar. A red flag shows that it is open.", "The valve opens at 8 bar. A red flag shows that it is open.", "valve.md"),
        ("Who may change the filter?", "The filter may be changed by trained staff only.", "The filter may be changed by anybody.", "service.md"),
        ("How often is the oil changed?", "The oil is changed every 4,000 hours of operation, or once a year.", "The oil is changed every 10,000 hours of operation, or once a year.", "service.md"),
        ("Does the controller speak Modbus?", "The controller speaks Modbus TCP. Port 502 must be open.", "The controller speaks Modbus TCP and Profinet.", "controller.md"),
    ];

    public static async Task WriteAsync(DashboardApp app)
    {
        var random = new Random(7);
        var mapper = new DecisionMapper(captureContent: true, 20_000);
        var now = app.Options.TimeProvider.GetUtcNow();
        var records = new List<DecisionRecord>();
        List<(string Id, string Label)> labels = [];
        for (var i = 0; i < Count; i++)
        {
            var at = now - TimeSpan.FromMinutes(59) * (1 - ((i + random.NextDouble()) / Count));
            var (observation, isRight) = Observe(random, i);
            var record = mapper.Map(observation, at);
            records.Add(record);
            if (i % 5 == 0 && record.ScoreDecides)
            {
                labels.Add((record.Id, record.Decision != "abstained" ? (isRight ? "right" : "wrong") : isRight ? "should_have_answered" : "right"));
            }
        }

        await app.Services.GetRequiredService<DecisionStore>().WriteAsync(records, default);
        foreach (var (id, label) in labels)
        {
            await app.Services.GetRequiredService<LabelStore>().SaveAsync(id, label, default);
        }
    }

    private static (GuardObservation, bool IsRight) Observe(Random random, int index)
    {
        var topic = Topics[random.Next(Topics.Length)];
        var difficulty = random.NextDouble();
        var score = Math.Clamp(0.98 - (0.75 * Math.Pow(difficulty, 2)) + ((random.NextDouble() - 0.5) * 0.2), 0.02, 0.995);
        var isRight = random.NextDouble() < score + 0.06;
        var isCaught = !isRight && random.NextDouble() < 0.6;
        var isEmpty = random.NextDouble() < 0.03;
        var text = isRight ? topic.Answer : topic.Wrong;
        var model = TimeSpan.FromMilliseconds(420 + (random.NextDouble() * 900));
        var own = TimeSpan.FromMilliseconds(18 + (60 * Math.Pow(random.NextDouble(), 4)) + (12 * Math.Sin(index / 70.0)));
        Evidence[] evidence =
        [
            new("e1", topic.Answer) { Source = topic.Source, Score = 0.71 + (random.NextDouble() * 0.2) },
            new("e2", "The pump P200 is made for clean water of up to 60 °C.") { Source = "overview.md", Score = 0.44 },
        ];
        var reason = isEmpty ? GuardReason.NoEvidence : isCaught ? (random.Next(3) > 0 ? GuardReason.Contradicted : GuardReason.Unverifiable) : score < 0.55 ? GuardReason.LowConfidence : GuardReason.None;
        var decision = reason == GuardReason.None ? GuardDecision.Delivered
            : reason is GuardReason.Contradicted && random.NextDouble() < 0.45 ? GuardDecision.Repaired
            : reason is not GuardReason.NoEvidence && random.NextDouble() < 0.12 ? GuardDecision.Escalated
            : GuardDecision.Abstained;
        var judged = decision is GuardDecision.Repaired or GuardDecision.Escalated ? topic.Answer : text;
        var isMended = decision is GuardDecision.Repaired or GuardDecision.Escalated;
        var confidence = new ConfidenceScore("self-consistency", score);
        var first = new GuardAttempt(GuardAttemptKind.Draft, reason) { ModelId = "smollm2-135m", Confidence = confidence, Claims = 2, SupportedClaims = isCaught ? 1 : 2, Usage = new() { TotalTokenCount = 340 }, Duration = model };
        var report = new GuardReport
        {
            Decision = decision,
            Reason = reason,
            Explanation = reason switch
            {
                GuardReason.Contradicted => "A passage says otherwise.",
                GuardReason.LowConfidence => FormattableString.Invariant($"The confidence {score:0.00} is below 0.55."),
                GuardReason.NoEvidence => "Nothing relevant was found.",
                _ => null,
            },
            Confidence = isEmpty ? null : isMended ? confidence with { Value = 0.9 } : confidence,
            Evidence = isEmpty ? [] : evidence,
            Verdicts = isEmpty ? null : Verdicts(judged, isMended || !isCaught ? null : reason == GuardReason.Contradicted ? Verdict.Contradicted : Verdict.Unverifiable),
            Attempts = isEmpty ? [] : isMended ? [first, new(decision == GuardDecision.Repaired ? GuardAttemptKind.Repair : GuardAttemptKind.Escalation, GuardReason.None) { ModelId = "smollm2-135m", Claims = 2, SupportedClaims = 2, Duration = model }] : [first],
            Timings = new() { Total = model + own, Generation = model, Retrieval = own * 0.2, Scoring = own * 0.1, Verification = own * 0.7 },
        };
        return (new GuardObservation(report)
        {
            ModelId = "smollm2-135m",
            ResponseId = $"r{index}",
            TraceId = Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())) + Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())),
            IsStreaming = index % 3 != 0,
            Overhead = own,
            Usage = new() { TotalTokenCount = isMended ? 690 : 340 },
            Threshold = 0.55,
            Pipeline = new("self-consistency/5", "smollm2-135m", "5f0c"),
            Drift = new("self-consistency", 500, 0.05 + (0.12 * index / Count) + (0.02 * random.NextDouble()), false, DateTimeOffset.UnixEpoch),
            Question = isEmpty ? "Which colours does the pump come in?" : topic.Question,
            Answer = decision == GuardDecision.Abstained ? "I do not know: the documents do not settle it." : judged,
            Draft = decision == GuardDecision.Abstained && !isEmpty ? text : null,
        }, isRight);
    }

    private static IReadOnlyList<ClaimVerdict> Verdicts(string text, Verdict? flaw)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        (int Start, int Length)[] spans = end < 0 ? [(0, text.Length)] : [(0, end + 1), (end + 2, text.Length - end - 2)];
        return [.. spans.Select((span, i) =>
        {
            var verdict = i == 0 && flaw is { } bad ? bad : Verdict.Supported;
            return new ClaimVerdict(new Claim(text.Substring(span.Start, span.Length), span.Start, span.Length), verdict)
            {
                Findings = verdict == Verdict.Contradicted
                    ? [new("entailment", Verdict.Unverifiable) { Score = 0.41 }, new("numbers", verdict) { Score = 1, EvidenceId = "e1", Explanation = "the passage has another number" }]
                    : [new("entailment", verdict) { Score = verdict == Verdict.Supported ? 0.97 : 0.35, EvidenceId = verdict == Verdict.Supported ? "e1" : null }],
            };
        })];
    }
}
