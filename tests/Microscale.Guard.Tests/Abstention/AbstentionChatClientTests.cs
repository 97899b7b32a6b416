using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Abstention;

public class AbstentionChatClientTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What colour is the sky?")];

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task Supported_IsDelivered(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue. It is wide.");

        var response = await AskAsync(inner, streaming);

        Assert.Equal("The sky is blue. It is wide.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Equal(GuardReason.None, report.Reason);
        Assert.Equal(2, report.Verdicts!.Count);
        Assert.Equal(GuardAttemptKind.Draft, Assert.Single(report.Attempts).Kind);
        Assert.Equal("r0", response.ResponseId);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Contradicted_IsWithheld(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a lie.");

        var response = await AskAsync(inner, streaming);

        Assert.Equal(Text(GuardReason.Contradicted), response.Text);
        Assert.Equal(ChatFinishReason.ContentFilter, response.FinishReason);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal(GuardReason.Contradicted, report.Reason);
        Assert.Null(report.WithheldDraft);
        Assert.Null(response.RawRepresentation);
        Assert.Equal("r0", response.ResponseId);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task KeepDraft_KeepsItInTheReport(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a lie.");

        var response = await AskAsync(inner, streaming, o => o.KeepDraft = true);

        Assert.Equal("This is a lie.", response.GetGuardReport()!.WithheldDraft);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task LogProbabilities_OfAWithheldDraft_AreWithheld(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords(new ScriptedReply("This is a lie.") { LogProbabilities = [-0.1] });
        var options = new ChatOptions();
        options.RequestLogProbabilities();

        var response = await AskAsync(inner, streaming, options: options);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.Null(response.GetLogProbabilities());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_ThatPasses_IsDelivered(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.", "The sky is blue.");

        var response = await AskAsync(inner, streaming, o => o.MaxRepairs = 1);

        Assert.Equal("The sky is blue.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Repaired, report.Decision);
        Assert.Equal(GuardReason.Unverifiable, report.Reason);
        Assert.Equal([GuardAttemptKind.Draft, GuardAttemptKind.Repair], report.Attempts.Select(a => a.Kind));
        Assert.Equal(30, response.Usage!.TotalTokenCount);
        Assert.Equal(TimeSpan.FromSeconds(2), report.Timings.Generation);
        var feedback = ((ScriptedChatClient)inner.GetService(typeof(ScriptedChatClient))!).Calls[1].Messages[^1].Text;
        Assert.Contains("This is a guess.", feedback);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_ThatFailsToo_Abstains(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.", "This is a lie.");

        var response = await AskAsync(inner, streaming, o => o.MaxRepairs = 1);

        Assert.DoesNotContain("lie", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal([GuardReason.Unverifiable, GuardReason.Contradicted], report.Attempts.Select(a => a.Reason));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_ThatClaimsNothing_Abstains(bool streaming)
    {
        using var inner = new JudgingChatClient(
            new ScriptedChatClient("This is a guess.", "I don't know."),
            text => text.StartsWith("I don't", StringComparison.Ordinal) ? JudgingChatClient.Words(text) with { Verdicts = [] } : JudgingChatClient.Words(text));

        var response = await AskAsync(inner, streaming, o => o.MaxRepairs = 1);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.Equal(Text(GuardReason.Unverifiable), response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_ThatThrows_AbstainsWithTheFault(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.", new ScriptedReply("x") { Fault = new InvalidOperationException("down") });

        var response = await AskAsync(inner, streaming, o => o.MaxRepairs = 1);

        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal("down", Assert.Single(report.Faults).Message);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Escalation_ThatPasses_IsDelivered(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.");
        using var larger = JudgingChatClient.ByWords(new ScriptedReply("The sky is blue.") { ModelId = "larger" });

        var response = await AskAsync(inner, streaming, o => o.Escalation = larger);

        Assert.Equal("The sky is blue.", response.Text);
        Assert.Equal(GuardDecision.Escalated, response.GetGuardReport()!.Decision);
        Assert.Equal("larger", response.ModelId);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Escalation_WithoutJudgement_IsWithheld(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.");
        using var larger = new ScriptedChatClient("Trust me.");

        var response = await AskAsync(inner, streaming, o => o.Escalation = larger);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.DoesNotContain("Trust", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task MissingJudgement_IsWithheld(bool streaming)
    {
        using var inner = new ScriptedChatClient("Nobody looked at this.");

        var response = await AskAsync(inner, streaming);

        Assert.Equal(GuardReason.VerifierFailed, response.GetGuardReport()!.Reason);
        Assert.DoesNotContain("Nobody", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task JudgementOfTheBeginningOnly_WithholdsTheRest(bool streaming)
    {
        using var inner = new JudgingChatClient(
            new ScriptedChatClient("The sky is blue. It is wide."), text => JudgingChatClient.Words(text) with { VerifiedLength = Math.Min(16, text.Length) });

        var response = await AskAsync(inner, streaming);

        Assert.DoesNotContain("wide", response.Text);
        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.Equal(streaming, response.Text.StartsWith("The sky is blue.", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task LowConfidence_IsWithheld(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue.");

        var low = await AskAsync(inner, streaming, o => o.Policy = new ConfidenceThresholdPolicy(0.71));
        var high = await AskAsync(inner, streaming, o => o.Policy = new ConfidenceThresholdPolicy(0.69));

        Assert.Equal(GuardReason.LowConfidence, low.GetGuardReport()!.Reason);
        Assert.Equal(GuardDecision.Delivered, high.GetGuardReport()!.Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task UnavailableConfidence_DoesWhatThePolicySays(bool streaming)
    {
        using var inner = new JudgingChatClient(
            new ScriptedChatClient("The sky is blue."), text => JudgingChatClient.Words(text) with { Confidence = ConfidenceScore.Unavailable("s", "no") });

        var closed = await AskAsync(inner, streaming, o => o.Policy = new ConfidenceThresholdPolicy(0.5));
        var open = await AskAsync(inner, streaming, o => o.Policy = new ConfidenceThresholdPolicy(0.5) { WhenUnavailable = FaultAction.Proceed });

        Assert.Equal(GuardReason.ScorerFailed, closed.GetGuardReport()!.Reason);
        Assert.Equal(GuardDecision.Delivered, open.GetGuardReport()!.Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task FailedVerifier_DoesWhatThePolicySays(bool streaming)
    {
        using var inner = new JudgingChatClient(new ScriptedChatClient("The sky is blue."), text => JudgingChatClient.Words(text) with
        {
            Verdicts = [new ClaimVerdict(new Claim(text, 0, text.Length), Verdict.Unverifiable) { VerifierFailed = true }],
        });

        var closed = await AskAsync(inner, streaming);
        var open = await AskAsync(inner, streaming, o => o.Policy = new VerdictPolicy { WhenVerifierFails = FaultAction.Proceed });

        Assert.Equal(GuardReason.VerifierFailed, closed.GetGuardReport()!.Reason);
        Assert.Equal(GuardDecision.Delivered, open.GetGuardReport()!.Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task PolicyThatThrows_Withholds(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue.");

        var response = await AskAsync(inner, streaming, o => o.Policy = new ThrowingPolicy());

        Assert.Equal(GuardReason.PolicyFailed, response.GetGuardReport()!.Reason);
        Assert.DoesNotContain("blue", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task WriterThatThrows_StillAbstains(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a lie.");

        var response = await AskAsync(inner, streaming, o => o.WriteAbstention = _ => throw new InvalidOperationException());

        Assert.Equal(AbstentionTemplates.English.Contradicted, response.Text);
    }

    [Theory]
    [InlineData(false, nameof(GroundingOutcome.Empty), GuardReason.NoEvidence)]
    [InlineData(true, nameof(GroundingOutcome.Empty), GuardReason.NoEvidence)]
    [InlineData(false, nameof(GroundingOutcome.Failed), GuardReason.SourceFailed)]
    [InlineData(true, nameof(GroundingOutcome.Failed), GuardReason.SourceFailed)]
    public async Task WithoutEvidence_TheModelIsNotAsked(bool streaming, string outcome, GuardReason expected)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue.");
        var options = new ChatOptions();
        options.SetGroundingOutcome(Enum.Parse<GroundingOutcome>(outcome));

        var closed = await AskAsync(inner, streaming, options: options);

        Assert.Equal(expected, closed.GetGuardReport()!.Reason);
        Assert.Equal(GuardDecision.Abstained, closed.GetGuardReport()!.Decision);
        Assert.Equal(Text(expected), closed.Text);
        var model = (ScriptedChatClient)inner.GetService(typeof(ScriptedChatClient))!;
        Assert.Empty(model.Calls);

        var open = await AskAsync(inner, streaming, o => (o.WhenNoEvidence, o.WhenSourceFails) = (FaultAction.Proceed, FaultAction.Proceed), options);

        Assert.Equal("The sky is blue.", open.Text);
        Assert.DoesNotContain(GuardPropertyNames.GroundingOutcome, Assert.Single(model.Calls).Options!.AdditionalProperties!.Keys);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ToolCall_IsPassedThrough(bool streaming)
    {
        using var inner = new ScriptedChatClient(new ScriptedReply("")
        {
            OtherContents = [new FunctionCallContent("c1", "weather")],
            FinishReason = ChatFinishReason.ToolCalls,
        });

        var response = await AskAsync(inner, streaming);

        Assert.Equal("weather", Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()).Name);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Null(response.GetGuardReport()?.Decision);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ToolCallWithUnsupportedText_KeepsTheCallAndLosesTheText(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords(new ScriptedReply("This is a lie.")
        {
            OtherContents = [new FunctionCallContent("c1", "weather"), new DataContent("data:text/plain,abc", "text/plain")],
            FinishReason = ChatFinishReason.ToolCalls,
        });

        var response = await AskAsync(inner, streaming);

        Assert.Equal("", response.Text);
        Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>());
        Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<DataContent>());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task BackgroundResponse_ThatStillRuns_GivesNoTextYet()
    {
        using var inner = new RunningChatClient();

        var response = await AskAsync(inner, streaming: false);

        Assert.NotNull(response.ContinuationToken);
        Assert.Equal("", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Reasoning_OfAWithheldDraft_IsWithheld(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords(new ScriptedReply("This is a lie.") { OtherContents = [new TextReasoningContent("secret thought")] });

        var response = await AskAsync(inner, streaming);

        Assert.DoesNotContain(response.Messages.SelectMany(m => m.Contents), c => c is TextReasoningContent);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypass_DeliversAndSaysSo(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a lie.");

        var response = await AskAsync(inner, streaming, options: new ChatOptions().BypassGuard("a test wants the draft"));

        Assert.Equal("This is a lie.", response.Text);
        Assert.Equal(GuardReason.Bypassed, response.GetGuardReport()!.Reason);
        Assert.Equal("a test wants the draft", response.GetGuardReport()!.Explanation);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ModelThatFails_Throws(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords(new ScriptedReply("The sky is blue. And more.") { Fault = new InvalidOperationException("down"), FaultAfter = 8 });

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(inner, streaming));

        Assert.Equal("down", exception.Message);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task EmptyMessages_SayWhatToChange(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("x");
        using var client = Client(inner);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => streaming
            ? client.GetStreamingResponseAsync([]).ToChatResponseAsync()
            : client.GetResponseAsync([]));

        Assert.Contains("at least one message", exception.Message);
    }

    [Fact]
    public async Task Stream_ReleasesASentenceOnlyAfterItsVerdict_AndStopsTheModel()
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue. This is a lie. More to come.");
        using var client = Client(inner);

        var texts = new List<string>();
        GuardReport? last = null;
        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            texts.Add(update.Text);
            last = update.GetGuardReport() ?? last;
            if (update.Text.Contains("blue", StringComparison.Ordinal))
            {
                Assert.True(last!.VerifiedLength >= 16);
            }
        }

        var text = string.Concat(texts);
        Assert.StartsWith("The sky is blue.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("lie", text);
        Assert.DoesNotContain("More", text);
        Assert.Contains("the rest of my answer could not be confirmed", text);
        Assert.Equal(GuardDecision.Abstained, last!.Decision);
        Assert.Equal(1, ((ScriptedChatClient)inner.GetService(typeof(ScriptedChatClient))!).StreamsCut);
    }

    [Fact]
    public async Task Stream_CutByTheConsumer_StopsTheModel()
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue. It is wide. It is high.");
        using var client = Client(inner);

        await foreach (var update in client.GetStreamingResponseAsync(Question))
        {
            break;
        }

        Assert.Equal(1, ((ScriptedChatClient)inner.GetService(typeof(ScriptedChatClient))!).StreamsCut);
    }

    [Fact]
    public async Task BufferedStreaming_EqualsTheResponse()
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue. This is a lie.");
        using var client = Client(inner, o => o.Streaming = StreamingMode.Buffered);

        var response = await client.GetStreamingResponseAsync(Question).ToChatResponseAsync();

        Assert.DoesNotContain("blue", response.Text);
        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
    }

    [Fact]
    public void Options_ThatCannotBe_SayWhatToChange()
    {
        using var inner = new ScriptedChatClient("x");

        Assert.Contains("Policy is not set", Assert.Throws<InvalidOperationException>(() => new AbstentionChatClient(inner, new())).Message);
        Assert.Contains("between 0 and 10", Assert.Throws<InvalidOperationException>(
            () => new AbstentionChatClient(inner, new() { Policy = new VerdictPolicy(), MaxRepairs = -1 })).Message);
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => new ConfidenceThresholdPolicy(60)).Message);
    }

    [Fact]
    public void GetService_OffersThePolicy()
    {
        using var inner = new ScriptedChatClient("x");
        using var client = Client(inner);

        Assert.IsType<VerdictPolicy>(client.GetService<IAbstentionPolicy>());
        Assert.Same(client, client.GetService<AbstentionChatClient>());
        Assert.Same(inner, client.GetService<ScriptedChatClient>());
    }

    private static string Text(GuardReason reason) => AbstentionText.Write(new("", reason, new(), HasBegun: false)).Text;

    private static AbstentionChatClient Client(IChatClient inner, Action<AbstentionOptions>? configure = null)
    {
        var options = new AbstentionOptions { Policy = new VerdictPolicy() };
        configure?.Invoke(options);
        return new AbstentionChatClient(inner, options);
    }

    private static Task<ChatResponse> AskAsync(
        IChatClient inner, bool streaming, Action<AbstentionOptions>? configure = null, ChatOptions? options = null)
    {
        var client = Client(inner, configure);
        return streaming
            ? client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync()
            : client.GetResponseAsync(Question, options);
    }

    private sealed class ThrowingPolicy : IAbstentionPolicy
    {
        public GuardParts Needs => GuardParts.Verdicts;

        public PolicyDecision Decide(PolicyContext context) => throw new InvalidOperationException("broken");
    }

    private sealed class RunningChatClient() : DelegatingChatClient(new ScriptedChatClient("The sky is"))
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            response.ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 });
            return response;
        }
    }
}
