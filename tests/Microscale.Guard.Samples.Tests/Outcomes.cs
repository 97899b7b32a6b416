using Microscale.Guard.Samples.Quickstart;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace Microscale.Guard.Samples.Tests;

/// <summary>Outcomes to render, and their rendering.</summary>
internal static class Outcomes
{
    public static readonly GuardReport Report = new()
    {
        Decision = GuardDecision.Repaired,
        Reason = GuardReason.Contradicted,
        Explanation = "The passage names another day.",
        Confidence = new ConfidenceScore("token_probability", 0.8234) { Explanation = "geometric mean of nine tokens" },
        Verdicts =
        [
            new ClaimVerdict(new Claim("Gold melts easily.", 0, 18), Verdict.Supported)
            {
                Findings = [new VerifierFinding("entailment", Verdict.Supported) { Score = 0.97, EvidenceId = "elements-gold" }],
            },
            new ClaimVerdict(new Claim("Silver is liquid.", 19, 17), Verdict.Contradicted)
            {
                Findings = [new VerifierFinding("facts", Verdict.Contradicted) { Explanation = "silver melts later" }],
            },
            new ClaimVerdict(new Claim("Nobody knows tin.", 37, 17), Verdict.Unverifiable) { VerifierFailed = true },
            new ClaimVerdict(new Claim("Lead was asked.", 55, 15), Verdict.Unverifiable),
        ],
        Evidence = [new Evidence("elements-iron", "Iron."), new Evidence("elements-gold", "Gold.")],
        Attempts = [new(GuardAttemptKind.Draft, GuardReason.Contradicted), new(GuardAttemptKind.Repair, GuardReason.None)],
        Faults = [new GuardFault(GuardStage.Verification, "judge", "timeout", "It did not answer within ten.")],
        Timings = new GuardTimings
        {
            Retrieval = TimeSpan.FromMilliseconds(7),
            Generation = TimeSpan.FromMilliseconds(1234),
            Verification = TimeSpan.FromMilliseconds(321),
            Total = TimeSpan.FromMilliseconds(1600),
        },
    };

    public static QuestionOutcome Create(GuardReport? report, string draft = "A bare draft.", string answer = "A guarded answer.")
    {
        var text = new TextContent(answer)
        {
            Annotations =
            [
                new CitationAnnotation { FileId = "elements-gold", Title = "Gold", Url = new Uri("https://example.org/gold"), Snippet = "Gold melts at a thousand degrees." },
                new CitationAnnotation { FileId = "elements-gold", Title = "Gold", Url = new Uri("https://example.org/gold"), Snippet = "Gold melts at a thousand degrees." },
                new CitationAnnotation { FileId = "elements-tin", Title = "Tin" },
            ],
        };
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [text]));
        if (report is not null)
        {
            response.AdditionalProperties = new() { ["microscale.guard.report"] = report };
        }

        return new QuestionOutcome(new Question("What of gold?"), draft, TimeSpan.FromSeconds(0.5), response, TimeSpan.FromSeconds(2.5));
    }

    public static string Render(Action<OutcomeRenderer> render, int width = Consoles.RedirectedWidth)
    {
        using var writer = new StringWriter();
        render(new OutcomeRenderer(Consoles.Plain(writer, width)));
        return writer.ToString();
    }

    public static string Render(QuestionOutcome outcome, int width = Consoles.RedirectedWidth) => Render(r => r.Render(outcome), width);

    /// <summary>The words of a rendering, without what draws boxes.</summary>
    public static IReadOnlyList<string> Words(string rendered) =>
        rendered.Split([' ', '\n', '\r', '│', '─', '┌', '┐', '└', '┘', '├', '┤', '┬', '┴', '┼'], StringSplitOptions.RemoveEmptyEntries);
}
