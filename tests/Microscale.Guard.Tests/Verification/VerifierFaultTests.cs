using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Verification;

/// <summary>What verifiers depend on misbehaves: the claims are unverifiable, and the report says what happened.</summary>
public class VerifierFaultTests
{
    private static readonly ChatMessage[] Grounded = [new(ChatRole.User, [new TextContent("What?"), new TextContent("Paris is big.").AsEvidence("e1")])];

    private static readonly ChatMessage[] Bare = [new(ChatRole.User, "What?")];

    public static TheoryData<string, string> Faults => new()
    {
        { "judge-throws", "System.IO.IOException" },
        { "judge-hangs", "timeout" },
        { "judge-garbage", "System.FormatException" },
        { "samples-throw", "System.IO.IOException" },
        { "samples-hang", "timeout" },
        { "samples-empty", "System.InvalidOperationException" },
        { "entailment-throws", "System.IO.IOException" },
        { "entailment-hangs", "timeout" },
        { "entailment-garbage", "System.InvalidOperationException" },
        { "cited-garbage", "System.InvalidOperationException" },
        { "delegate-throws", "System.IO.IOException" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Answer_WhatTheVerifierNeedsMisbehaves_IsUnverifiableWithTheFault(string fault, string errorType)
    {
        using var throws = new ScriptedChatClient(new ScriptedReply("") { Fault = new IOException("scripted") });
        using var hangs = new ScriptedChatClient(new ScriptedReply("") { Hangs = true });
        using var empty = new ScriptedChatClient("");
        using var garbage = new ScriptedChatClient("""{"verdicts":[{"claim":7}]}""");
        var model = new FaultyModel("none");
        IClaimVerifier verifier = fault switch
        {
            "judge-throws" => new JudgeVerifier(throws),
            "judge-hangs" => new JudgeVerifier(hangs),
            "judge-garbage" => new JudgeVerifier(garbage),
            "samples-throw" => new SampleAgreementVerifier(throws, model),
            "samples-hang" => new SampleAgreementVerifier(hangs, model),
            "samples-empty" => new SampleAgreementVerifier(empty, model),
            "cited-garbage" => new CitationVerifier(new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Misbehaviour.Lies }),
            "delegate-throws" => ClaimVerifiers.FromDelegate("own", (_, _, _) => throw new IOException("scripted")),
            _ => new EntailmentVerifier(new FaultyModel(fault)),
        };
        var time = errorType == "timeout" ? new ImpatientTimeProvider() : TimeProvider.System;
        using var client = new VerificationChatClient(new ScriptedChatClient("Paris is very big [1]."), [verifier], new() { TimeProvider = time });

        var response = await client.GetResponseAsync(fault.StartsWith("samples", StringComparison.Ordinal) ? Bare : Grounded);

        var report = response.GetGuardReport()!;
        Assert.Equal((verifier.Name, errorType), (Assert.Single(report.Faults).Component, report.Faults[0].ErrorType));
        Assert.All(report.Verdicts!, v => Assert.Equal((Verdict.Unverifiable, true), (v.Verdict, v.VerifierFailed)));
    }

    private sealed class FaultyModel(string fault) : IEntailmentModel
    {
        public async ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
        {
            switch (fault)
            {
                case "entailment-throws":
                    throw new IOException("scripted");
                case "entailment-hangs":
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
            }

            return [.. pairs.Select(_ => new EntailmentScores(7, 0, 0))];
        }
    }
}
