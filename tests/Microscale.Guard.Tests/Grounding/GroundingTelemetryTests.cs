using System.Collections.Concurrent;
using System.Diagnostics;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding;

public class GroundingTelemetryTests
{
    [Theory]
    [InlineData(false, Misbehaviour.None)]
    [InlineData(true, Misbehaviour.None)]
    [InlineData(false, Misbehaviour.Throws)]
    [InlineData(true, Misbehaviour.Throws)]
    public async Task Activities_OfARequest_AreTheGuardAndTheRetrieval(bool streaming, Misbehaviour misbehaviour)
    {
        using var root = new Activity("test").Start();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == GuardTelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                if (a.TraceId == root.TraceId)
                {
                    ended.Enqueue(a);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var client = new GroundingChatClient(
            new ScriptedChatClient("It is high."),
            new ScriptedEvidenceSource(new Evidence("e", "secret text")) { Misbehaviour = misbehaviour });

        await client.AskAsync([new(ChatRole.User, "secret question")], streaming);

        Assert.Equal(["guard.retrieval", "guard"], ended.Select(a => a.OperationName));
        var (retrieval, guard) = (ended.First(), ended.Last());
        Assert.Equal(guard.SpanId, retrieval.ParentSpanId);
        Assert.Equal(root.SpanId, guard.ParentSpanId);
        Assert.Equal(misbehaviour == Misbehaviour.None ? 1 : null, retrieval.GetTagItem("microscale.guard.evidence.count"));
        Assert.Equal(misbehaviour == Misbehaviour.None ? ActivityStatusCode.Unset : ActivityStatusCode.Error, retrieval.Status);
        Assert.DoesNotContain(ended.SelectMany(a => a.TagObjects), t => t.Value is string s && s.Contains("secret", StringComparison.Ordinal));
        Assert.Same(root, Activity.Current);
    }
}
