using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Microscale.Guard.Tests.Abstention;

public class ImprovingTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What colour is the sky?")];

    public static TheoryData<bool> Modes => [false, true];

    public static TheoryData<GuardAttemptKind, string, bool> Faults
    {
        get
        {
            var data = new TheoryData<GuardAttemptKind, string, bool>();
            foreach (var kind in (GuardAttemptKind[])[GuardAttemptKind.Candidate, GuardAttemptKind.Repair, GuardAttemptKind.Escalation])
            {
                foreach (var fault in (string[])["throws", "hangs", "garbage", "nothing", "tool call"])
                {
                    data.Add(kind, fault, false);
                    data.Add(kind, fault, true);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task FurtherAttempt_ThatMisbehaves_EndsInTheAbstention(GuardAttemptKind kind, string fault, bool streaming)
    {
        ScriptedReply bad = fault switch
        {
            "throws" => new ScriptedReply("x") { Fault = new InvalidOperationException("down") },
            "hangs" => new ScriptedReply("x") { Hangs = true },
            "garbage" => new ScriptedReply("A lie."),
            "nothing" => new ScriptedReply(" "),
            _ => new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "weather")], FinishReason = ChatFinishReason.ToolCalls },
        };
        using var inner = JudgingChatClient.ByWords("This is a guess.", bad);
        using var other = JudgingChatClient.ByWords(bad);

        var response = await AskAsync(inner, streaming, o =>
        {
            (o.MaxCandidates, o.MaxRepairs) = (kind == GuardAttemptKind.Candidate ? 2 : 0, kind == GuardAttemptKind.Repair ? 1 : 0);
            o.Escalation = kind == GuardAttemptKind.Escalation ? other : null;
            o.MaxExtraTime = fault == "hangs" ? TimeSpan.FromSeconds(5) : null;
            o.TimeProvider = fault == "hangs" ? new ImpatientTimeProvider() : TimeProvider.System;
        });

        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal(GuardReason.Unverifiable, report.Reason);
        Assert.Equal(ChatFinishReason.ContentFilter, response.FinishReason);
        Assert.StartsWith(AbstentionTemplates.English.Unverifiable, response.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(response.Messages.SelectMany(m => m.Contents), c => c is FunctionCallContent);
        if (fault is "throws" or "hangs")
        {
            Assert.All(report.Faults, f => Assert.Equal((GuardStage.Generation, kind.ToString()), (f.Stage, f.Component)));
            Assert.Equal(fault == "hangs" ? "timeout" : typeof(InvalidOperationException).FullName, report.Faults[0].ErrorType);
        }
        else
        {
            Assert.Equal(kind, report.Attempts[^1].Kind);
            Assert.NotEqual(GuardReason.None, report.Attempts[^1].Reason);
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task FurtherAttempt_CancelledByTheCaller_Throws(bool streaming)
    {
        using var cancellation = new CancellationTokenSource();
        using var model = new ScriptedChatClient
        {
            Respond = call =>
            {
                if (call.Index > 0)
                {
                    cancellation.Cancel();
                }

                return call.Index == 0 ? new ScriptedReply("This is a guess.") : new ScriptedReply("x") { Hangs = true };
            },
        };
        using var inner = new JudgingChatClient(model, JudgingChatClient.Words);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(inner, streaming, o => o.MaxRepairs = 1, cancellationToken: cancellation.Token));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task BestOf_DeliversTheBestThatPasses(bool streaming)
    {
        using var model = new ScriptedChatClient { Respond = c => c.Options?.Seed switch { null => "A guess.", 1 => "A lie.", 2 => "It is blue.", _ => "It is deep blue." } };
        using var inner = new JudgingChatClient(model, text => JudgingChatClient.Words(text) with
        {
            Confidence = new("fixed", text.Contains("deep", StringComparison.Ordinal) ? 0.9 : 0.5),
        });

        var response = await AskAsync(inner, streaming, o => o.MaxCandidates = 3);

        Assert.Equal("It is deep blue.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Repaired, report.Decision);
        Assert.Equal(4, report.Attempts.Count);
        Assert.Equal(60, response.Usage!.TotalTokenCount);
        Assert.All(model.Calls.Skip(1), c => Assert.Equal(0.7f, c.Options!.Temperature));
        Assert.Equal([1, 2, 3], model.Calls.Skip(1).Select(c => c.Options!.Seed!.Value).Order());
        Assert.All(model.Calls, c => Assert.Equal("What colour is the sky?", Assert.Single(c.Messages).Text));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_GoesOnFromTheBestAttempt(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("A lie. A guess.", "It is blue. A second guess.", "A third lie.", "Blue it is.");

        var response = await AskAsync(inner, streaming, o => o.MaxRepairs = 3);

        Assert.Equal("Blue it is.", response.Text);
        var calls = Model(inner).Calls;
        Assert.Contains("\"A lie", calls[1].Messages[^1].Text);
        Assert.Contains("A second guess", calls[2].Messages[^1].Text);
        Assert.Contains("A second guess", calls[3].Messages[^1].Text);
        Assert.Equal(GuardReason.Contradicted, response.GetGuardReport()!.Reason);
    }

    [Fact]
    public async Task Repair_ThatNeverPasses_ReportsTheBestAttempt()
    {
        using var inner = JudgingChatClient.ByWords("A lie.", "It is blue. A guess.", "Another lie.");

        var response = await AskAsync(inner, streaming: false, o => (o.MaxRepairs, o.KeepDraft) = (2, true));

        var report = response.GetGuardReport()!;
        Assert.Equal(GuardReason.Unverifiable, report.Reason);
        Assert.Equal("It is blue. A guess.", report.WithheldDraft);
        Assert.Equal("r1", response.ResponseId);
        Assert.Contains("I could not confirm 1 of 2 statements.", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repair_InsideOfFunctionInvocation_MayNotCallTools(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("This is a guess.", "It is blue.");

        await AskAsync(inner, streaming, o => o.MaxRepairs = 1, new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] });

        Assert.Null(Model(inner).Calls[0].Options!.ToolMode);
        Assert.Equal(ChatToolMode.None, Model(inner).Calls[1].Options!.ToolMode);
    }

    [Theory]
    [InlineData(30, 2)]
    [InlineData(29, 1)]
    [InlineData(14, 0)]
    public async Task TokenBudget_AllowsOnlyTheAttemptsThatFit(int tokens, int repairs)
    {
        foreach (var streaming in (bool[])[false, true])
        {
            var log = new FakeLogCollector();
            using var inner = JudgingChatClient.ByWords("A lie.");

            var response = await AskAsync(inner, streaming, o => (o.MaxRepairs, o.MaxExtraTokens) = (3, tokens), log: log);

            // Each costs 15 tokens.
            Assert.Equal(1 + repairs, Model(inner).Calls.Count);
            var report = response.GetGuardReport()!;
            Assert.Equal(GuardReason.Contradicted, report.Reason);
            var fault = Assert.Single(report.Faults);
            Assert.Equal((GuardStage.Abstention, "Repair", "budget"), (fault.Stage, fault.Component, fault.ErrorType));
            Assert.Contains($"{repairs * 15} of {tokens} tokens", fault.Message);
            Assert.Single(log.GetSnapshot(), r => r.Message.Contains("budget", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task TokenBudget_OfAModelThatDoesNotCount_IsKeptByLength()
    {
        using var inner = JudgingChatClient.ByWords(new ScriptedReply("A lie.") { Usage = null });

        // 23 characters of the question and 6 of the answer are 9 tokens.
        await AskAsync(inner, streaming: false, o => (o.MaxRepairs, o.MaxExtraTokens) = (5, 18));

        Assert.Equal(3, Model(inner).Calls.Count);
    }

    [Fact]
    public async Task TimeBudget_ThatIsSpent_AllowsNoAttempt()
    {
        using var inner = JudgingChatClient.ByWords("A lie.");

        var response = await AskAsync(inner, streaming: false, o => (o.MaxRepairs, o.MaxExtraTime) = (3, TimeSpan.Zero));

        Assert.Single(Model(inner).Calls);
        Assert.Equal("budget", Assert.Single(response.GetGuardReport()!.Faults).ErrorType);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task RemoveUnsupported_KeepsWhatPassesAgain(bool streaming)
    {
        using var model = new ScriptedChatClient("This is a lie. The sky is blue. It is a guess. The sky is wide.");
        var verifier = Words();
        using var inner = new VerificationChatClient(model, [verifier]);

        // A sentence-gated stream would end at the first sentence.
        var response = await AskAsync(inner, streaming, o => (o.RemoveUnsupported, o.Streaming) = (true, StreamingMode.Buffered));

        Assert.Equal("The sky is blue. The sky is wide.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Repaired, report.Decision);
        Assert.Equal(GuardReason.Contradicted, report.Reason);
        Assert.Equal([GuardAttemptKind.Draft, GuardAttemptKind.Removal], report.Attempts.Select(a => a.Kind));
        Assert.Equal(response.Text.Length, report.VerifiedLength);
        Assert.Equal(2, report.Verdicts!.Count);
        Assert.Equal(["The sky is blue.", "The sky is wide."], verifier.Contexts[^1].Claims.Select(c => c.Text));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Single(model.Calls);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task RemoveUnsupported_WhatCannotStandAlone_IsWithheld(bool streaming)
    {
        // The second sentence is supported after the first, and unverifiable without it.
        var seen = 0;
        using var model = new ScriptedChatClient("This is a lie. It was blue then.");
        using var inner = new VerificationChatClient(model, [new ScriptedVerifier(c => c.Text.Contains("lie", StringComparison.Ordinal) ? Verdict.Contradicted
            : ++seen == 1 ? Verdict.Supported : Verdict.Unverifiable)]);

        var response = await AskAsync(inner, streaming, o => (o.RemoveUnsupported, o.Streaming) = (true, StreamingMode.Buffered));

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.DoesNotContain("blue", response.Text);
        Assert.Equal(2, response.GetGuardReport()!.Attempts.Count);
    }

    [Fact]
    public async Task RemoveUnsupported_NothingSupported_OrStructured_OrNotVerifiedHere_CutsNothing()
    {
        using var nothing = new VerificationChatClient(new ScriptedChatClient("This is a lie. It is a guess."), [Words()]);
        using var structured = new VerificationChatClient(new ScriptedChatClient("It is blue. This is a lie."), [Words()]);
        using var elsewhere = JudgingChatClient.ByWords("It is blue. This is a lie.");

        foreach (var (inner, options) in ((IChatClient, ChatOptions?)[])[(nothing, null), (structured, new() { ResponseFormat = ChatResponseFormat.Json }), (elsewhere, null)])
        {
            var response = await AskAsync(inner, streaming: false, o => o.RemoveUnsupported = true, options);

            Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
            Assert.Single(response.GetGuardReport()!.Attempts);
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task RemoveUnsupported_AFailingVerifier_Abstains(bool streaming)
    {
        using var model = new ScriptedChatClient("It is blue. This is a lie.");
        using var inner = new VerificationChatClient(model, [ClaimVerifiers.FromDelegate("fails_later", (claim, context, _) =>
            context.Claims.Count == 1
                ? throw new InvalidOperationException("down")
                : new(new VerifierFinding("w", claim.Text.Contains("lie", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported)))]);

        var response = await AskAsync(inner, streaming, o => (o.RemoveUnsupported, o.Streaming) = (true, StreamingMode.Buffered));

        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.Equal(GuardReason.VerifierFailed, report.Attempts[^1].Reason);
        Assert.Equal("fails_later", Assert.Single(report.Faults).Component);
        Assert.DoesNotContain("blue", response.Text);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task EscalationPolicy_DecidesOnTheOtherClientOnly(bool streaming)
    {
        using var inner = JudgingChatClient.ByWords("The sky is blue.");
        using var larger = JudgingChatClient.ByWords("The sky is deep blue.");

        var response = await AskAsync(inner, streaming, o =>
            (o.Policy, o.Escalation, o.EscalationPolicy) = (new ConfidenceThresholdPolicy(0.99), larger, new ConfidenceThresholdPolicy(0.5)));

        Assert.Equal("The sky is deep blue.", response.Text);
        Assert.Equal(GuardDecision.Escalated, response.GetGuardReport()!.Decision);
    }

    [Fact]
    public async Task ToolsCalledInside_DoNotKeepTheAbstentionFromSpeaking()
    {
        using var inner = new CalledToolsChatClient();

        var response = await AskAsync(inner, streaming: false);

        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
        Assert.StartsWith(AbstentionTemplates.English.NotChecked, response.Text, StringComparison.Ordinal);
    }

    private static ScriptedVerifier Words() => new(c => c.Text.Contains("lie", StringComparison.Ordinal) ? Verdict.Contradicted
        : c.Text.Contains("guess", StringComparison.Ordinal) ? Verdict.Unverifiable : Verdict.Supported);

    private static ScriptedChatClient Model(IChatClient client) => client.GetService<ScriptedChatClient>()!;

    private static Task<ChatResponse> AskAsync(
        IChatClient inner,
        bool streaming,
        Action<AbstentionOptions>? configure = null,
        ChatOptions? options = null,
        FakeLogCollector? log = null,
        CancellationToken cancellationToken = default)
    {
        var settings = new AbstentionOptions { Policy = new VerdictPolicy() };
        configure?.Invoke(settings);
        var loggers = log is null ? null : LoggerFactory.Create(b => b.AddProvider(new FakeLoggerProvider(log)));
        var client = new AbstentionChatClient(inner, settings, loggers);
        return streaming
            ? client.GetStreamingResponseAsync(Question, options, cancellationToken).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync(Question, options, cancellationToken);
    }

    /// <summary>Answers as a client does that has called tools on the way.</summary>
    private sealed class CalledToolsChatClient() : DelegatingChatClient(new ScriptedChatClient("x"))
    {
        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse([
                new(ChatRole.Assistant, [new FunctionCallContent("c1", "f")]),
                new(ChatRole.Tool, [new FunctionResultContent("c1", "1")]),
                new(ChatRole.Assistant, "Nobody checked this."),
            ]));
    }
}
