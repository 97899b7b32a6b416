using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class NameMetricTests
{
    [Fact]
    public void Names_BeyondTheCapacity_AreOne()
    {
        var names = new BoundedNames();

        var first = Enumerable.Range(0, BoundedNames.Capacity).Select(i => names.Bound($"model-{i}")).ToList();

        Assert.Equal(BoundedNames.Capacity, first.Distinct().Count());
        Assert.Equal(BoundedNames.Overflow, names.Bound("one more"));
        Assert.Equal("model-7", names.Bound("model-7"));
        Assert.Equal(BoundedNames.Overflow, new BoundedNames().Bound(new string('x', BoundedNames.MaxLength + 1)));
        Assert.Equal(BoundedNames.Unknown, names.Bound(null));
        Assert.Equal(BoundedNames.Unknown, names.Bound(""));
    }

    [Fact]
    public void Names_AddedAtOnce_AreNotMoreThanTheCapacity()
    {
        var names = new BoundedNames();

        var seen = ParallelEnumerable.Range(0, 20 * BoundedNames.Capacity).Select(i => names.Bound($"model-{i}")).Distinct().ToList();

        Assert.Equal(BoundedNames.Capacity + 1, seen.Count);
        Assert.Contains(BoundedNames.Overflow, seen);
    }

    [Fact]
    public async Task Policy_IsNamedByTheRequestTheSelectorOrWhatItIs()
    {
        using var listening = new Listening();
        var strict = new ConfidenceThresholdPolicy(0.8);
        using var client = new ScriptedChatClient("Blue.").AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(new ScriptedScorer(_ => 0.9))
            .AbstainBy(new PolicySelector(r => r.Question, new Dictionary<string, IAbstentionPolicy> { ["medicine"] = strict }, AbstentionPolicy.FromDelegate(GuardParts.None, _ => PolicyDecision.Deliver)))
            .ConfigureAbstention(o => o.NamedPolicies["lawyers"] = strict)).Build();

        await client.GetResponseAsync("medicine");
        await client.GetResponseAsync("sports");
        await client.GetResponseAsync("sports", new ChatOptions().WithGuard(g => g.Policy = "lawyers"));

        Assert.Equal(
            ["delegate", "lawyers", "medicine"],
            listening.Metric("microscale.guard.requests").Keys.Select(k => k.Split(' ').Single(t => t.StartsWith("microscale.guard.policy=", StringComparison.Ordinal))["microscale.guard.policy=".Length..]).Order());
    }

    [Fact]
    public async Task Retrievals_AreCountedByOutcome_AndPassages()
    {
        using var listening = new Listening();
        foreach (var source in (IEvidenceSource[])
        [
            new ScriptedEvidenceSource(GuardedChain.Evidence),
            new ScriptedEvidenceSource(GuardedChain.Evidence, new Evidence("other", "Classified was 2013.")),
            new ScriptedEvidenceSource(),
            new ScriptedEvidenceSource { Misbehaviour = Misbehaviour.Throws },
        ])
        {
            using var client = new ScriptedChatClient(GuardedChain.Right).Guarded(source: source);
            await client.AskAsync(streaming: false);
        }

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["gen_ai.data_source.id=ScriptedEvidenceSource microscale.guard.retrieval.outcome=found"] = 2,
                ["gen_ai.data_source.id=ScriptedEvidenceSource microscale.guard.retrieval.outcome=empty"] = 1,
                ["gen_ai.data_source.id=ScriptedEvidenceSource microscale.guard.retrieval.outcome=failed"] = 1,
            },
            listening.Metric("microscale.guard.retrievals").ToDictionary(p => p.Key, p => p.Value.GetSumLong()));
        Assert.Equal(3, Assert.Single(listening.Metric("microscale.guard.evidence")).Value.GetSumLong());
        var retrieval = listening.Activities.First(a => a.OperationName == "guard.retrieval");
        Assert.Equal("retrieval", retrieval.GetTagItem("gen_ai.operation.name"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Probability_IsApartFromTheRawScore(bool byScorer)
    {
        var calibration = CalibrationArtefact.Fit(
            Enumerable.Range(0, 300).Select(i => new LabelledScore(i / 299.0, i >= 120)), new("scripted", "scripted", null));
        var scorer = new ScriptedScorer(_ => 0.9);
        using var listening = new Listening();
        using var client = new ScriptedChatClient("Blue.").AsBuilder().UseHallucinationGuard(g => g
            .ScoreWith(byScorer ? scorer.CalibratedBy(calibration) : scorer)
            .AbstainToMeet(0.05, calibration)).Build();

        await client.GetResponseAsync("What?");

        var raw = Assert.Single(listening.Metric("microscale.guard.confidence")).Value;
        Assert.Equal((1, 0.9), (raw.GetHistogramCount(), raw.GetHistogramSum()));
        var probability = Assert.Single(listening.Metric("microscale.guard.probability")).Value;
        Assert.Equal((1, calibration.Calibrator.Apply(0.9)), (probability.GetHistogramCount(), probability.GetHistogramSum()));
    }
}
