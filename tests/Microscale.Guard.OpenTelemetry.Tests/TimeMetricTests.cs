using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Metrics;

namespace Microscale.Guard.OpenTelemetry.Tests;

public class TimeMetricTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("plain")]
    [InlineData("gated")]
    [InlineData("buffered")]
    public async Task OverheadHasTheRetrieval_ModelTimeStandsApart(string mode)
    {
        using var listening = new Listening();
        using var client = Timed(GuardedChain.Right, mode == "buffered" ? StreamingMode.Buffered : StreamingMode.SentenceGated);

        if (mode == "plain")
        {
            await client.AskAsync(streaming: false);
        }
        else
        {
            // A reader that takes its time.
            await foreach (var update in client.GetStreamingResponseAsync(GuardedChain.Question))
            {
                _clock.Advance(TimeSpan.FromSeconds(100));
            }
        }

        // Retrieval 1 s, model 4 s, scoring 2 s.
        Assert.Equal(3, Sum(listening, "microscale.guard.overhead"));
        var (model, point) = Assert.Single(listening.Metric("microscale.guard.model.duration"));
        Assert.Equal("gen_ai.response.model=scripted", model);
        Assert.Equal((1, 4.0), (point.GetHistogramCount(), point.GetHistogramSum()));
        if (mode == "plain")
        {
            Assert.Empty(listening.Metric("microscale.guard.time_to_first_release"));
        }
        else
        {
            Assert.Equal(7, Sum(listening, "microscale.guard.time_to_first_release"));
        }
    }

    [Theory]
    [InlineData(StreamingMode.SentenceGated)]
    [InlineData(StreamingMode.Buffered)]
    public async Task Abstention_HasNoFirstRelease(StreamingMode mode)
    {
        using var listening = new Listening();
        using var client = Timed(GuardedChain.Wrong, mode, score: 0.1);

        await client.AskAsync(streaming: true);

        Assert.Empty(listening.Metric("microscale.guard.time_to_first_release"));
        Assert.Equal(3, Sum(listening, "microscale.guard.overhead"));
    }

    [Theory]
    [InlineData(StreamingMode.SentenceGated)]
    [InlineData(StreamingMode.Buffered)]
    public async Task NoGrounding_TheAbstentionMeasures(StreamingMode mode)
    {
        using var listening = new Listening();
        using var client = Timed(GuardedChain.Right, mode, grounded: false);

        await client.AskAsync(streaming: true);

        Assert.Equal(2, Sum(listening, "microscale.guard.overhead"));
        Assert.Equal(6, Sum(listening, "microscale.guard.time_to_first_release"));
    }

    private static double Sum(Listening listening, string name)
    {
        var point = Assert.Single(listening.Metric(name)).Value;
        Assert.Equal(1, point.GetHistogramCount());
        return point.GetHistogramSum();
    }

    private IChatClient Timed(string answer, StreamingMode mode, bool grounded = true, double score = 0.9)
    {
        var model = new ScriptedChatClient { Respond = _ => Taking(4, answer) };
        return model.AsBuilder().UseHallucinationGuard(g =>
        {
            if (grounded)
            {
                g.GroundWith(EvidenceSource.FromDelegate((_, _) => new(Taking<IReadOnlyList<Evidence>>(1, [GuardedChain.Evidence]))));
            }

            // Asked once, when the model has ended: what runs at the same time has no times of its own on one clock.
            g.ScoreWith(new ScriptedScorer(_ => Taking(2, score)) { Needs = ScorerNeeds.Samples })
                .AbstainBelow(0.5)
                .ConfigureGrounding(o => o.TimeProvider = _clock)
                .ConfigureConfidence(o => o.TimeProvider = _clock)
                .ConfigureAbstention(o => (o.TimeProvider, o.Streaming) = (_clock, mode));
        }).Build();
    }

    private T Taking<T>(int seconds, T result)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return result;
    }
}
