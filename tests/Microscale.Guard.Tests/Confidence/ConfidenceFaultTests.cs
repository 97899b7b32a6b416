using Microscale.Guard.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>Whatever a scorer does, the answer is delivered with an unavailable confidence and one fault.</summary>
public class ConfidenceFaultTests
{
    private const string Answer = "A secret fell. Another fell.";

    public static TheoryData<Misbehaviour, ScorerNeeds, bool> Matrix
    {
        get
        {
            var data = new TheoryData<Misbehaviour, ScorerNeeds, bool>();
            foreach (var misbehaviour in Enum.GetValues<Misbehaviour>().Except([Misbehaviour.None]))
            {
                foreach (var needs in (ScorerNeeds[])[ScorerNeeds.None, ScorerNeeds.Samples])
                {
                    data.Add(misbehaviour, needs, false);
                    data.Add(misbehaviour, needs, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Ask_FaultyScorer_DeliversWithoutConfidence(Misbehaviour misbehaviour, ScorerNeeds needs, bool streaming)
    {
        var clock = new FakeTimeProvider();
        using var model = new ScriptedChatClient(Answer);
        using var logs = new FakeLoggerProvider();
        using var factory = LoggerFactory.Create(b => b.AddProvider(logs));
        var scorer = new ScriptedScorer(_ => 0.9) { Misbehaviour = misbehaviour, Needs = needs };
        using var client = new ConfidenceChatClient(model, scorer, new() { TimeProvider = clock }, factory);

        var asking = client.Ask(streaming);
        while (!asking.IsCompleted && misbehaviour is Misbehaviour.Hangs or Misbehaviour.HangsForGood)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        var response = await asking;
        var report = response.GetGuardReport()!;
        var fault = Assert.Single(report.Faults);
        Assert.Equal(Answer, response.Text);
        Assert.Null(report.Confidence!.Value);
        Assert.Contains(fault.ErrorType, report.Confidence.Explanation, StringComparison.Ordinal);
        Assert.Equal(Answer.Length, report.ScoredLength);
        Assert.Equal((GuardStage.Confidence, "scripted"), (fault.Stage, fault.Component));
        Assert.Equal(
            misbehaviour switch
            {
                Misbehaviour.Throws => "System.InvalidOperationException",
                Misbehaviour.ReturnsNull => "null",
                Misbehaviour.Lies => "invalid",
                _ => "timeout",
            },
            fault.ErrorType);
        var log = Assert.Single(logs.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, log.Level);
        Assert.DoesNotContain("secret", log.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.PositiveInfinity)]
    public async Task Ask_ScoreOutOfRange_IsALie(double score)
    {
        using var model = new ScriptedChatClient(Answer);
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => score));

        var report = (await client.Ask(streaming: false)).GetGuardReport()!;

        Assert.Null(report.Confidence!.Value);
        Assert.Equal("invalid", Assert.Single(report.Faults).ErrorType);
    }

    [Fact]
    public async Task Stream_ScorerThatFailedOnASentence_IsNotAskedAgain()
    {
        var asked = 0;
        using var model = new ScriptedChatClient("One fell. Two fell. Three fell. Four fell.");
        using var client = new ConfidenceChatClient(model, new ScriptedScorer(_ => Interlocked.Increment(ref asked) * 7.5));

        var report = (await client.Ask(streaming: true)).GetGuardReport()!;

        Assert.Equal(1, asked);
        Assert.Null(report.Confidence!.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_ScorerThatHangsOnItsSamples_EndsAtTheTimeout(bool streaming)
    {
        var clock = new FakeTimeProvider();
        using var model = new ScriptedChatClient { Respond = c => c.Index == 0 ? Answer : new ScriptedReply("x") { Hangs = true } };
        using var client = new ConfidenceChatClient(model, Confidence.Consistency(2), new() { TimeProvider = clock });

        var asking = client.Ask(streaming);
        while (!asking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.Equal("timeout", Assert.Single((await asking).GetGuardReport()!.Faults).ErrorType);
    }
}
