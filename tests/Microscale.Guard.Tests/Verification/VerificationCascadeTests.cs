using CsCheck;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Microscale.Guard.Tests.Verification;

public class VerificationCascadeTests
{
    private static readonly Claim[] Claims = [new("a", 0, 1), new("b", 1, 1), new("c", 2, 1)];

    [Fact]
    public async Task Verify_ContradictedOrProven_IsNotAskedAboutAgain()
    {
        var second = ScriptedVerifier.Always(Verdict.Supported);
        var first = ClaimVerifiers.FromDelegate("first", (c, _, _) => new(c.Text switch
        {
            "a" => new VerifierFinding("first", Verdict.Contradicted),
            "b" => new VerifierFinding("first", Verdict.Supported) { IsProof = true },
            _ => null,
        }));

        var result = await VerifyAsync(new(), first, second);

        Assert.Equal([Verdict.Contradicted, Verdict.Supported, Verdict.Supported], result.Verdicts.Select(v => v.Verdict));
        Assert.Equal("c", Assert.Single(Assert.Single(second.Contexts).Claims).Text);
        Assert.DoesNotContain(result.Verdicts, v => v.VerifierFailed);
    }

    [Theory]
    [InlineData(false, 3, Verdict.Contradicted)]
    [InlineData(true, 2, Verdict.Unverifiable)]
    public async Task Verify_Doubt_IsLeftOnlyOnRequest(bool stop, int asked, Verdict verdict)
    {
        var first = new ScriptedVerifier(c => c.Text == "a" ? Verdict.Unverifiable : Verdict.Supported);
        var second = ScriptedVerifier.Always(Verdict.Contradicted);
        var result = await VerifyAsync(new() { StopAtFirstDoubt = stop }, first, second);
        Assert.Equal(asked, Assert.Single(second.Contexts).Claims.Count);
        Assert.Equal(verdict, result.Verdicts[0].Verdict);
    }

    [Fact]
    public void Verify_AnyFindings_GiveTheSameVerdictsAsWithoutACascade()
    {
        Verdict?[] opinions = [null, Verdict.Supported, Verdict.Unverifiable, Verdict.Contradicted];
        Gen.Int[0, 3].Select(i => opinions[i]).Array[3].Array[3].Sample(
            said =>
            {
                IClaimVerifier[] verifiers = [.. said.Select((row, i) => new ScriptedVerifier(c => row[c.Start], $"v{i}"))];
                var full = Enumerable.Range(0, 3).Select(c => VerdictCombination.Combine([.. said.Where(r => r[c] is not null).Select(r => new VerifierFinding("v", r[c]!.Value))], failed: false)).ToArray();
                var result = VerifyAsync(new(), verifiers).GetAwaiter().GetResult();
                Assert.Equal(full, result.Verdicts.Select(v => v.Verdict));

                // Stopping early loses contradictions, and supports nothing more or less.
                var early = VerifyAsync(new() { StopAtFirstDoubt = true }, verifiers).GetAwaiter().GetResult();
                Assert.Equal(full.Select(v => v == Verdict.Supported), early.Verdicts.Select(v => v.Verdict == Verdict.Supported));
            },
            iter: 500);
    }

    [Fact]
    public async Task Verify_BudgetSpent_LeavesTheRestUnverifiableWithAFault()
    {
        var time = new FakeTimeProvider();
        var slow = ClaimVerifiers.FromDelegate("slow", (_, _, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return new(new VerifierFinding("slow", Verdict.Supported));
        });
        var never = ScriptedVerifier.Always(Verdict.Supported);

        var result = await VerifyAsync(new() { TimeProvider = time, LatencyBudget = TimeSpan.FromSeconds(3), VerifierTimeout = TimeSpan.FromHours(1) }, slow, never);

        Assert.Equal(("budget", "scripted"), (result.Faults[^1].ErrorType, result.Faults[^1].Component));
        Assert.Empty(never.Contexts);
        Assert.All(result.Verdicts, v => Assert.Equal((Verdict.Unverifiable, true), (v.Verdict, v.VerifierFailed)));
    }

    [Fact]
    public async Task Verify_HangsBeyondTheBudget_IsCutThere()
    {
        var bad = new ScriptedVerifier(_ => Verdict.Supported) { Misbehaviour = Misbehaviour.HangsForGood };
        var result = await VerifyAsync(new() { TimeProvider = new ImpatientTimeProvider(), LatencyBudget = TimeSpan.FromSeconds(5) }, bad);
        Assert.Equal("timeout", Assert.Single(result.Faults).ErrorType);
        Assert.Contains("00:00:0", result.Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_Verifiers_RunFromCheapToDear()
    {
        List<string> order = [];
        IClaimVerifier[] verifiers = [.. new[] { VerifierCost.Remote, VerifierCost.LocalModel, VerifierCost.Rule }.Select(c => new Costly(c, order))];
        using var client = new VerificationChatClient(new ScriptedChatClient("Paris is very big."), verifiers);
        await client.GetResponseAsync("What?");
        Assert.Equal(["Rule", "LocalModel", "Remote"], order);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_VerifierThatSpendsTokens_AddsThemToTheUsage(bool streaming)
    {
        var spender = ClaimVerifiers.FromDelegate("spender", (_, context, _) =>
        {
            context.AddUsage(new UsageDetails { InputTokenCount = 1, OutputTokenCount = 2, TotalTokenCount = 3 });
            return new(new VerifierFinding("spender", Verdict.Supported));
        });
        using var client = new VerificationChatClient(new ScriptedChatClient("Paris is very big. Rome is very old."), [spender]);
        var response = streaming
            ? await client.GetStreamingResponseAsync("What?").ToChatResponseAsync()
            : await client.GetResponseAsync("What?");
        Assert.Equal(15 + 6, response.Usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_AnswerInJson_IsJudgedValueByValueWhenItIsComplete(bool streaming)
    {
        const string Answer = "{\"year\": 1902,\n\"name\": \"Carlos\"}\n";
        var verifier = ScriptedVerifier.Always(Verdict.Supported);
        using var client = new VerificationChatClient(new ScriptedChatClient(Answer), [verifier]);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };
        var response = streaming
            ? await client.GetStreamingResponseAsync("When?", options).ToChatResponseAsync()
            : await client.GetResponseAsync("When?", options);

        var report = response.GetGuardReport()!;
        Assert.Equal(["When? year: 1902", "When? name: Carlos"], report.Verdicts!.Select(v => v.Claim.Text));
        Assert.Equal(Answer.Length, report.VerifiedLength);
        Assert.Equal(Answer, Assert.Single(verifier.Contexts).Answer);
    }

    [Fact]
    public void Create_BadBudget_NamesTheSetting()
    {
        using var model = new ScriptedChatClient("x");
        Assert.Contains(
            "LatencyBudget",
            Assert.Throws<ArgumentOutOfRangeException>(() => new VerificationChatClient(model, [ScriptedVerifier.Always(null)], new() { LatencyBudget = TimeSpan.Zero })).Message,
            StringComparison.Ordinal);
    }

    private static Task<VerificationResult> VerifyAsync(VerificationOptions options, params IClaimVerifier[] verifiers) =>
        new AnswerVerification([.. verifiers.Select(v => (v.Name, v))], options, NullLogger.Instance, "", []).VerifyAsync(Claims, "abc", [], null, CancellationToken.None).AsTask();

    private sealed class Costly(VerifierCost cost, List<string> order) : IClaimVerifier
    {
        public string Name => cost.ToString();

        public VerifierCost Cost => cost;

        public ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
        {
            order.Add(Name);
            return new(new VerifierFinding?[context.Claims.Count]);
        }
    }
}
