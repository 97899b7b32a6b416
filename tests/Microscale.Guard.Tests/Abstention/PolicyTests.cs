using CsCheck;
using Microscale.Guard.Tests.Calibration;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Abstention;

public class PolicyTests
{
    private static readonly CalibrationArtefact Artefact = Labelled.Artefact();

    /// <summary>Policies that go by the score, all of which must let a higher score through where they let a lower one.</summary>
    private static Dictionary<string, IAbstentionPolicy> ByScore { get; } = new()
    {
        ["threshold"] = new ConfidenceThresholdPolicy(0.6),
        ["risk"] = new RiskControlledPolicy(Artefact, 0.05),
        ["cost"] = new CostPolicy(10, 1, Artefact),
        ["all"] = new AllOfPolicy(new ConfidenceThresholdPolicy(0.2), new CostPolicy(2, 1, Artefact)),
        ["selected"] = new PolicySelector(_ => "a", new Dictionary<string, IAbstentionPolicy> { ["a"] = new ConfidenceThresholdPolicy(0.3) }, new ConfidenceThresholdPolicy(1)),
    };

    public static TheoryData<string> Names => [.. ByScore.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Decide_AHigherScore_IsNeverWorse(string name) => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((a, b) =>
    {
        var (lower, higher) = (Decide(ByScore[name], Math.Min(a, b)), Decide(ByScore[name], Math.Max(a, b)));
        Assert.True(lower.IsWithheld || !higher.IsWithheld);
    });

    [Theory, MemberData(nameof(Names))]
    public void Decide_WithoutAScore_Withholds(string name)
    {
        Assert.Equal(GuardReason.ScorerFailed, Decide(ByScore[name], null).Reason);
        Assert.Equal(GuardReason.ScorerFailed, ByScore[name].Decide(new(new([], null), new())).Reason);
    }

    [Theory, MemberData(nameof(Names))]
    public void Decide_TheHighestAndTheLowestScore_Differ(string name)
    {
        Assert.False(Decide(ByScore[name], 1).IsWithheld);
        Assert.Equal(GuardReason.LowConfidence, Decide(ByScore[name], 0).Reason);
    }

    [Fact]
    public void RiskControlled_GoesByTheRawScore()
    {
        var policy = new RiskControlledPolicy(Artefact, 0.05);
        var threshold = policy.Guarantee.Threshold!.Value;

        Assert.False(Decide(policy, threshold).IsWithheld);
        Assert.True(Decide(policy, Math.BitDecrement(threshold)).IsWithheld);
        Assert.True(policy.Decide(Context(new("scripted", 1) { IsCalibrated = true, RawValue = 0.1 })).IsWithheld);
        Assert.False(policy.Decide(Context(new("scripted", 0.1) { IsCalibrated = true, RawValue = 0.9 })).IsWithheld);
    }

    [Fact]
    public void RiskControlled_AnInfeasibleTarget_IsNotRounded()
    {
        Assert.Contains("is infeasible", Assert.Throws<InvalidOperationException>(() => new RiskControlledPolicy(Artefact, 0.01)).Message);
        Assert.Contains("it has thresholds for 0.02, 0.05, 0.1, 0.2", Assert.Throws<InvalidOperationException>(() => new RiskControlledPolicy(Artefact, 0.001)).Message);
        Assert.Contains("no feasible one", Assert.Throws<InvalidOperationException>(
            () => new RiskControlledPolicy(Artefact, 0.05, RiskControlMethod.ConformalRiskControl)).Message);
    }

    [Fact]
    public void Calibrated_AnotherScorerModelOrPrompt_IsRefused()
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "?")];
        var artefact = Labelled.Artefact(new("scripted", "small", CalibrationPipeline.FingerprintPrompt(messages)));
        foreach (var policy in (IAbstentionPolicy[])[new RiskControlledPolicy(artefact, 0.05), new CostPolicy(10, 1, artefact)])
        {
            var fits = new PolicyContext(new(messages, null), new() { Confidence = new("scripted", 1) }) { ModelId = "Small" };

            Assert.False(policy.Decide(fits).IsWithheld);
            Assert.Contains("scored by 'other'", Refused(policy, fits with { Report = new() { Confidence = new("other", 1) } }));
            Assert.Contains("the answer is of 'large'", Refused(policy, fits with { ModelId = "large" }));
            Assert.Contains("does not say its name", Refused(policy, fits with { ModelId = null }));
            Assert.Contains("fingerprint", Refused(policy, fits with { Request = new([messages[1]], null) }));
            Assert.Contains("fingerprint", Refused(policy, fits with { Request = new(messages, new() { Instructions = "And kind." }) }));
        }

        static string Refused(IAbstentionPolicy policy, PolicyContext context)
        {
            var decision = policy.Decide(context);
            Assert.Equal(GuardReason.NotCalibrated, decision.Reason);
            return decision.Explanation!;
        }
    }

    [Fact]
    public void Calibrated_AScorerWithSettings_IsKnownByItsName()
    {
        var artefact = Labelled.Artefact(new("scripted/samples=5", null, null));

        Assert.False(Decide(new RiskControlledPolicy(artefact, 0.05), 1).IsWithheld);
    }

    [Theory]
    [InlineData(10, 1, 0.9)]
    [InlineData(4, 1, 0.75)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 0, 1)]
    public void Cost_DeliversFromTheProbabilityOfChow(double wrong, double silence, double minimum)
    {
        var policy = new CostPolicy(wrong, silence);

        Assert.Equal(minimum, policy.MinimumProbability, 1e-12);
        Assert.False(policy.Decide(Context(new("s", policy.MinimumProbability) { IsCalibrated = true })).IsWithheld);
        Assert.True(minimum == 0 || policy.Decide(Context(new("s", minimum - 0.01) { IsCalibrated = true })).IsWithheld);
    }

    [Fact]
    public void Cost_OfARawScore_IsRefused() =>
        Assert.Equal(GuardReason.NotCalibrated, new CostPolicy(10, 1).Decide(Context(new("s", 1))).Reason);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 2)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.NaN)]
    public void Cost_ThatCannotBe_SaysSo(double wrong, double silence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CostPolicy(wrong, silence));

    [Fact]
    public void Selector_ChoosesByTheRequest()
    {
        var strict = new ConfidenceThresholdPolicy(0.9);
        var selector = new PolicySelector(
            r => r.Options?.AdditionalProperties?["tenant"] as string ?? (r.Question.Contains("dose", StringComparison.Ordinal) ? "medical" : null),
            new Dictionary<string, IAbstentionPolicy> { ["medical"] = strict, ["press"] = new VerdictPolicy() },
            new ConfidenceThresholdPolicy(0.1));

        Assert.Same(strict, selector.Select(new([new(ChatRole.User, "Which dose?")], null)));
        Assert.IsType<VerdictPolicy>(selector.Select(new([], new() { AdditionalProperties = new() { ["tenant"] = "press" } })));
        Assert.Same(selector.Otherwise, selector.Select(new([], new() { AdditionalProperties = new() { ["tenant"] = "unknown" } })));
        Assert.Equal(GuardParts.Confidence | GuardParts.Verdicts, selector.Needs);
    }

    private static PolicyDecision Decide(IAbstentionPolicy policy, double? score) => policy.Decide(Context(new("scripted", score)));

    private static PolicyContext Context(ConfidenceScore score) => new(new([], null), new() { Confidence = score }) { ModelId = "scripted" };
}
