using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Report;

public class GuardReportTests
{
    private static readonly GuardReport Full = new()
    {
        Decision = GuardDecision.Abstained,
        Reason = GuardReason.Contradicted,
        Explanation = "because",
        Confidence = new ConfidenceScore("s", 0.25) { Parts = [new("a", 0.5), ConfidenceScore.Unavailable("b", "no")] },
        Verdicts =
        [
            new ClaimVerdict(new Claim("Water is dry.", 0, 13), Verdict.Contradicted)
            {
                Findings = [new VerifierFinding("v", Verdict.Contradicted) { Score = 0.75, EvidenceId = "e1", Explanation = "wet" }],
            },
        ],
        Evidence = [new Evidence("e1", "Water is wet.") { Source = "book", Url = new Uri("https://example.org/"), Score = 0.5 }],
        Attempts = [new GuardAttempt(GuardAttemptKind.Draft, GuardReason.Contradicted) { Claims = 1, Usage = new() { InputTokenCount = 3 } }],
        Faults = [new GuardFault(GuardStage.Verification, "v", "timeout", "late")],
        Timings = new GuardTimings { Total = TimeSpan.FromMilliseconds(5) },
        ScoredLength = 13,
        VerifiedLength = 13,
    };

    [Fact]
    public void GetGuardReport_AfterSerialization_IsTheSame()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "text"));
        response.SetGuardReport(Full);

        var json = JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
        var back = JsonSerializer.Deserialize<ChatResponse>(json, AIJsonUtilities.DefaultOptions)!;

        var report = back.GetGuardReport();
        Assert.NotNull(report);
        Assert.Equal(
            JsonSerializer.Serialize(Full, GuardJsonContext.Default.GuardReport),
            JsonSerializer.Serialize(report, GuardJsonContext.Default.GuardReport));
        Assert.Equal(GuardReason.Contradicted, report.Reason);
        Assert.Equal("e1", Assert.Single(report.Verdicts!).Decisive!.EvidenceId);
    }

    [Fact]
    public async Task ToChatResponse_OfUpdatesWithReports_KeepsTheLast()
    {
        var first = GuardReportExtensions.CreateReportUpdate(Full with { Decision = null }, null);
        var last = GuardReportExtensions.CreateReportUpdate(Full, null);

        var response = await Stream().ToChatResponseAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);

        async IAsyncEnumerable<ChatResponseUpdate> Stream()
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Hel");
            yield return first;
            yield return new ChatResponseUpdate(ChatRole.Assistant, "lo");
            yield return last;
        }
    }

    [Fact]
    public void ToChatResponse_OfUpdatesWithMessageIds_KeepsTheLastReport()
    {
        var text = new ChatResponseUpdate(ChatRole.Assistant, "Hello") { MessageId = "m" };
        text.SetGuardReport(Full with { Decision = null });
        ChatResponseUpdate[] soFar = [text];
        ChatResponseUpdate[] all = [text, GuardReportExtensions.CreateReportUpdate(Full, text)];

        Assert.Null(soFar.ToChatResponse().GetGuardReport()!.Decision);
        Assert.Equal(GuardDecision.Abstained, all.ToChatResponse().GetGuardReport()!.Decision);
        Assert.Equal("m", Assert.Single(all.ToChatResponse().Messages).MessageId);
    }
}
