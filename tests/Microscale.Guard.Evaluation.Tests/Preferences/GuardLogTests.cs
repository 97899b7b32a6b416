using Microscale.Guard.Evaluation.Tests.Datasets;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Evaluation.Tests.Preferences;

public class GuardLogTests
{
    [Fact]
    public async Task Append_GuardedResponses_ReadBack()
    {
        using var model = new ScriptedChatClient("Carlos Drummond won it in 2013.");
        using var guarded = model.AsBuilder().UseAbstention(o => (o.Policy, o.KeepDraft) = (new ConfidenceThresholdPolicy(0.5), true)).Build();
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Who won it?")];
        var response = await guarded.GetResponseAsync(messages);
        using var file = new TemporaryFile("log.jsonl");

        await GuardLog.AppendAsync(file.Path, GuardLogEntry.Of(messages, response, "a"));
        await GuardLog.AppendAsync(file.Path, GuardLogEntry.Of(messages, new ChatResponse(new ChatMessage(ChatRole.Assistant, "Nobody did.")) { ResponseId = "b" }));
        var log = await GuardLog.ReadAsync(file.Path).ToListAsync();

        Assert.Equal(["a", "b"], log.Select(e => e.Id));
        Assert.Equal([GuardDecision.Abstained, null], log.Select(e => e.Decision));
        Assert.Equal([new("system", "Be brief."), new("user", "Who won it?")], log[0].Messages);
        Assert.Equal(response.Text, log[0].Text);
        Assert.Equal("Carlos Drummond won it in 2013.", log[0].Draft);
        Assert.Equal(response.GetGuardReport()!.Reason, log[0].Reason);
        Assert.Equal("Nobody did.", log[1].Text);
        Assert.Null(log[1].Correct);
    }

    [Fact]
    public async Task Read_OtherNamesFromCsv_AreMapped()
    {
        using var file = new TemporaryFile("log.csv", "prompt,answer,label,confidence,decision\nWho?,She did.,no,0.5,delivered\n");
        var options = new DatasetOptions { Fields = { ["question"] = "prompt", ["text"] = "answer", ["correct"] = "label" } };
        var entry = Assert.Single(await GuardLog.ReadAsync(file.Path, options).ToListAsync());
        Assert.Equal([new("user", "Who?")], entry.Messages);
        Assert.Equal(("She did.", false, 0.5, GuardDecision.Delivered), (entry.Text, entry.Correct, entry.Confidence, entry.Decision));
    }

    [Theory]
    [InlineData("""{"question": "Who?", "text": "x", "decision": "maybe"}""", "Delivered, Repaired, Escalated, Abstained")]
    [InlineData("""{"question": "Who?", "text": "x", "confidence": "high"}""", "write a number")]
    [InlineData("""{"text": "x"}""", "'question' is missing")]
    [InlineData("""{"messages": [], "text": "x"}""", "'messages' is no list of messages")]
    [InlineData("""{"messages": [{"role": "user"}], "text": "x"}""", "role and content")]
    public async Task Read_BadRow_SaysWhatIsExpected(string text, string problem)
    {
        using var file = new TemporaryFile("log.jsonl", text);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(async () => await GuardLog.ReadAsync(file.Path).ToListAsync());
        Assert.Contains("line 1: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }
}
