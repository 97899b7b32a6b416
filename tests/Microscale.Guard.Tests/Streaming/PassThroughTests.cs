using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Streaming;

public class PassThroughTests
{
    private const string Answer = "The sky is blue. The grass is green.";

    [Fact]
    public async Task Text_PassesBeforeItsVerdict()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var verifier = ClaimVerifiers.FromDelegate("late", async (claim, _, stop) =>
        {
            // Waits for the reader, who has the whole answer before the first verdict.
            await read.Task.WaitAsync(stop);
            return new VerifierFinding("late", Verdict.Supported);
        });
        using var model = new ScriptedChatClient(Answer);
        using var client = Guard(model, guard => guard.VerifyWith(verifier));
        var (text, last) = ("", default(ChatResponseUpdate));

        await foreach (var update in client.GetStreamingResponseAsync("What?"))
        {
            text += update.Text;
            last = update;
            if (text.Length == Answer.Length)
            {
                read.TrySetResult();
            }
        }

        Assert.Equal(Answer, text);
        var report = last!.GetGuardReport()!;
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Equal(2, report.Verdicts!.Count);
    }

    [Fact]
    public async Task UnsupportedAnswer_IsSaidAtTheEnd()
    {
        using var model = new ScriptedChatClient(Answer);
        using var client = Guard(model, guard => guard
            .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("grass", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported))
            .RepairUpTo(2));

        var updates = await client.GetStreamingResponseAsync("What?").ToListAsync();
        var response = updates.ToChatResponse();

        Assert.Equal(Answer, response.Text);
        Assert.Equal(ChatFinishReason.ContentFilter, response.FinishReason);
        var report = updates[^1].GetGuardReport()!;
        Assert.Equal((GuardDecision.Abstained, GuardReason.Contradicted), (report.Decision!.Value, report.Reason));

        // What was read cannot be repaired, and the model is not stopped.
        Assert.Equal(GuardAttemptKind.Draft, Assert.Single(report.Attempts).Kind);
        Assert.Single(model.Calls);
        Assert.Equal(0, model.StreamsCut);
    }

    [Fact]
    public async Task EachToken_ComesAlone()
    {
        using var model = new ScriptedChatClient(new ScriptedReply(Answer) { LogProbabilities = [-0.5], OtherContents = [new TextReasoningContent("Hm.")] });
        using var client = Guard(model, guard => guard.ScoreWith(Confidence.TokenProbability()).AbstainBelow(0.1));

        var updates = await client.GetStreamingResponseAsync("What?").ToListAsync();

        Assert.Equal(ScriptedReply.Tokenize(Answer), updates.Where(u => u.Text.Length > 0).Select(u => u.Text));
        Assert.IsType<TextReasoningContent>(updates[0].Contents[0]);
        Assert.Equal(15, updates.ToChatResponse().Usage!.TotalTokenCount);
        Assert.NotNull(updates[^1].GetGuardReport()!.Confidence!.Value);
        Assert.Equal(ChatFinishReason.Stop, updates.ToChatResponse().FinishReason);
    }

    [Fact]
    public async Task ToolCall_PassesWithoutDecision()
    {
        using var model = new ScriptedChatClient(new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "look")], FinishReason = ChatFinishReason.ToolCalls });
        using var client = Guard(model, guard => guard.VerifyWith(ScriptedVerifier.Always(Verdict.Supported)));

        var response = await client.GetStreamingResponseAsync("What?").ToChatResponseAsync();

        Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Null(response.GetGuardReport()?.Decision);
    }

    [Fact]
    public async Task NoEvidence_DoesNotAskTheModel()
    {
        using var model = new ScriptedChatClient(Answer);
        using var client = Guard(model, guard => guard.GroundWith(new ScriptedEvidenceSource()).VerifyWith(ScriptedVerifier.Always(Verdict.Supported)));

        var response = await client.GetStreamingResponseAsync("What colour is the sky?").ToChatResponseAsync();

        Assert.Empty(model.Calls);
        Assert.Equal(GuardReason.NoEvidence, response.GetGuardReport()!.Reason);
        Assert.NotEmpty(response.Text);
    }

    private static IChatClient Guard(ScriptedChatClient model, Action<HallucinationGuardBuilder> configure) => model.AsBuilder()
        .UseHallucinationGuard(guard =>
        {
            configure(guard);
            guard.ConfigureAbstention(o => o.Streaming = StreamingMode.PassThrough);
        }).Build();
}
