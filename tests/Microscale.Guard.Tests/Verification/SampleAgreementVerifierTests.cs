using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Verification;

public class SampleAgreementVerifierTests
{
    private static readonly ChatMessage[] Request = [new(ChatRole.User, "What is it?")];

    [Fact]
    public async Task Verify_NoEvidence_TakesTheMeanOverSamples()
    {
        using var client = new ScriptedChatClient { Respond = c => "Sample " + c.Options!.Seed };
        var verifier = new SampleAgreementVerifier(client, new Model());
        var context = Context("known", "guessed");

        var findings = await verifier.VerifyAsync(context);

        Assert.Equal([Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
        Assert.Equal(0.9, findings[0]!.Score!.Value, 6);
        Assert.Equal(1 / 3.0, findings[1]!.Score!.Value, 6);
        Assert.Equal(45, context.Usage!.TotalTokenCount);
        Assert.Equal([0L, 1L, 2L], client.Calls.Select(c => c.Options!.Seed!.Value).Order());
        Assert.All(client.Calls, c => Assert.Equal((1f, ChatToolMode.None), (c.Options!.Temperature, c.Options.ToolMode)));
    }

    [Fact]
    public async Task Verify_TwoPartsOfAnAnswer_DrawsOnce()
    {
        using var client = new ScriptedChatClient("Sample 1");
        var verifier = new SampleAgreementVerifier(client, new Model(), new() { SampleCount = 2 });
        await verifier.VerifyAsync(Context("a"));
        await verifier.VerifyAsync(Context("b"));
        Assert.Equal(2, client.Calls.Count);
        await verifier.VerifyAsync(Context("b") with { Messages = [.. Request] });
        Assert.Equal(4, client.Calls.Count);
    }

    [Fact]
    public async Task Verify_Evidence_HasNoOpinionAndDrawsNothing()
    {
        using var client = new ScriptedChatClient("Sample 1");
        var findings = await new SampleAgreementVerifier(client, new Model()).VerifyAsync(Context("known") with { Evidence = [new("e", "x")] });
        Assert.Equal([null], findings);
        Assert.Empty(client.Calls);
    }

    [Fact]
    public async Task Verify_ClientThatFailsOrSaysNothing_Throws()
    {
        using var silent = new ScriptedChatClient(" ");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new SampleAgreementVerifier(silent, new Model()).VerifyAsync(Context("a")));
        using var failing = new ScriptedChatClient(new ScriptedReply("x") { Fault = new TimeoutException() });
        await Assert.ThrowsAsync<TimeoutException>(async () => await new SampleAgreementVerifier(failing, new Model()).VerifyAsync(Context("a")));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new SampleAgreementVerifier(silent, new Model()).VerifyAsync(Context("a") with { Messages = [] }));
    }

    [Fact]
    public void Create_BadOptions_NamesTheSetting()
    {
        using var client = new ScriptedChatClient("x");
        Assert.Contains("SampleCount", Assert.Throws<ArgumentOutOfRangeException>(() => new SampleAgreementVerifier(client, new Model(), new() { SampleCount = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Temperature", Assert.Throws<ArgumentOutOfRangeException>(() => new SampleAgreementVerifier(client, new Model(), new() { Temperature = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("SupportThreshold", Assert.Throws<ArgumentOutOfRangeException>(() => new SampleAgreementVerifier(client, new Model(), new() { SupportThreshold = 2 })).Message, StringComparison.Ordinal);
    }

    private static VerificationContext Context(params string[] claims) =>
        new([.. claims.Select(c => new Claim(c, 0, c.Length))], [], "What is it?") { Messages = Request };

    /// <summary>All samples entail what is known; only the sample 1 what was guessed.</summary>
    private sealed class Model : IEntailmentModel
    {
        public ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default) => new(
            [.. pairs.Select(p => p.Claim == "known" ? new EntailmentScores(0.9, 0.1, 0) : p.Premise.EndsWith('1') ? new EntailmentScores(1, 0, 0) : new EntailmentScores(0, 1, 0))]);
    }
}
