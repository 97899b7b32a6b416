using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenTelemetry.Tests;

/// <summary>What strategies and drafts that run at once trace is below the part that ran them.</summary>
public class ConcurrentPartTests
{
    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task ActivitiesOfStrategies_AreBelowTheirPart(bool streaming)
    {
        using var listening = new Listening();
        using var client = new TracedModel(string.Concat(Enumerable.Repeat("Confidential was 1965. ", 8))).Guarded(
            source: EvidenceSource.FromDelegate(async (_, stop) =>
            {
                await WorkAsync("search", stop);
                return [GuardedChain.Evidence];
            }),
            scorer: new TracingScorer(),
            verifier: ClaimVerifiers.FromDelegate("traced", async (_, _, stop) =>
            {
                await WorkAsync("judge", stop);
                return new("traced", Verdict.Supported);
            }));

        await client.AskAsync(streaming);

        var paths = listening.Paths(listening.Activities).ToList();
        Assert.Contains("guard/guard.retrieval/search", paths);
        Assert.Contains("guard/guard.attempt(draft)/guard.verification/judge", paths);
        Assert.Contains("guard/guard.attempt(draft)/guard.scoring/weigh", paths);
        Assert.All(paths.Where(p => p.EndsWith("judge", StringComparison.Ordinal)), p => Assert.EndsWith("guard.verification/judge", p, StringComparison.Ordinal));
        Assert.Equal(8, listening.Activities.Count(a => a.OperationName == "judge"));
        Assert.All(listening.Activities.Where(a => a.OperationName == "guard.verification"), v =>
        {
            // The evaluation results of a sentence are on its own activity, whichever is verified meanwhile.
            Assert.Equal(
                listening.Activities.Count(a => a.OperationName == "judge" && a.ParentSpanId == v.SpanId),
                v.Events.Count(e => e.Name == "gen_ai.evaluation.result"));
        });
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task CandidatesAtOnce_AreAttemptsOfTheirOwn(bool streaming)
    {
        using var listening = new Listening();
        using var client = new TracedModel(GuardedChain.Wrong).Guarded(g => g.BestOf(4), verifier: ClaimVerifiers.FromDelegate("traced", async (_, _, stop) =>
        {
            await WorkAsync("judge", stop);
            return new("traced", Verdict.Contradicted);
        }));

        await client.AskAsync(streaming);

        var guard = listening.Single("guard");
        var candidates = listening.Activities.Where(a => "candidate".Equals(a.GetTagItem("microscale.guard.attempt.kind"))).ToList();
        Assert.Equal(4, candidates.Count);
        Assert.All(candidates, candidate =>
        {
            Assert.Equal(guard.SpanId, candidate.ParentSpanId);
            var children = listening.Activities.Where(a => a.ParentSpanId == candidate.SpanId).ToList();
            Assert.Equal(["guard.generation", "guard.scoring", "guard.verification"], children.Select(c => c.OperationName).Order(StringComparer.Ordinal));
            var verification = children.Single(c => c.OperationName == "guard.verification");
            Assert.Equal(2, listening.Activities.Count(a => a.OperationName == "judge" && a.ParentSpanId == verification.SpanId));

            // What was judged is found by the response's id, which the activity of the model has too.
            var id = children.Single(c => c.OperationName == "guard.generation").GetTagItem("gen_ai.response.id");
            Assert.NotNull(id);
            Assert.All(children.SelectMany(c => c.Events), e => Assert.Equal(id, e.Tags.Single(t => t.Key == "gen_ai.response.id").Value));
        });
        Assert.Equal(4, candidates.Select(c => listening.Activities.Single(a => a.ParentSpanId == c.SpanId && a.OperationName == "guard.generation").GetTagItem("gen_ai.response.id")).Distinct().Count());
    }

    private static async Task WorkAsync(string name, CancellationToken cancellationToken)
    {
        using var activity = Listening.Application.StartActivity(name);
        await Task.Delay(1, cancellationToken);
    }

    private sealed class TracingScorer : IConfidenceScorer
    {
        public string Name => "traced";

        // Scored once, at the end: samples are drawn meanwhile.
        public ScorerNeeds Needs => ScorerNeeds.Samples;

        public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
        {
            await WorkAsync("weigh", cancellationToken);
            return new(Name, 0.9);
        }
    }
}
