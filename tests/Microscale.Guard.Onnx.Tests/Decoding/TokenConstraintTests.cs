namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>What an answer may consist of is decided by a constraint, whose forced tokens the model is not asked about.</summary>
public sealed class TokenConstraintTests
{
    private static readonly CancellationToken s_cancel = TestContext.Current.CancellationToken;
    private static readonly int[] s_prompt = DecodeSchedulerTests.Prompt(20, 0);

    private readonly ScriptedDecoder _decoder = new();
    private readonly List<int[]> _runs = [];

    public TokenConstraintTests() => _decoder.OnRun = (_, tokens) => _runs.Add(tokens);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ForcedTokens_AreReadTogetherAndTheModelChoosesAmongTheAllowed(bool exact)
    {
        // Three forced, one of two, two forced, the end.
        var constraint = new ScriptedConstraint([[7], [8], [9], [20, 21], [3], [4]]);
        var sink = new RecordingSink();

        await RunAsync(sink, constraint, 50, exact);

        Assert.Equal([7, 8, 9, sink.Tokens[3], 3, 4], sink.Tokens);
        Assert.Contains(sink.Tokens[3], (int[])[20, 21]);
        Assert.True(sink.Complete);
        Assert.Equal(sink.Tokens, constraint.Accepted);
        Assert.Equal(3, _runs.Count);
        Assert.Equal([7, 8, 9], _runs[1].TakeLast(3));
    }

    [Fact]
    public async Task RunAsync_ForcedTokensWithLogProbabilities_AreReadOneByOne()
    {
        var sink = new RecordingSink { TopLogProbabilities = 0 };

        await RunAsync(sink, new ScriptedConstraint([[7], [8], [9], [20, 21]]), 50);

        Assert.Equal(4, sink.LogProbabilities.Count);
        Assert.Equal([7, 8, 9], sink.Tokens[..3]);
        var first = (ScriptedDecoder.After(s_prompt) == 7 ? 10 : 0) - Math.Log(Math.Exp(10) + ScriptedDecoder.Vocabulary - 1);
        Assert.Equal(first, sink.LogProbabilities[0].LogProbability, 1e-5);
    }

    [Fact]
    public async Task RunAsync_ForcedTokensBeyondTheLongestAnswer_AreCutThere()
    {
        var sink = new RecordingSink();

        await RunAsync(sink, new ScriptedConstraint([[7], [8], [9], [10], [11]]), 3);

        Assert.Equal([7, 8, 9], sink.Tokens);
        Assert.False(sink.Complete);
    }

    [Fact]
    public async Task RunAsync_SinkEndsAmongForcedTokens_NothingFollows()
    {
        var sink = new RecordingSink { Last = 8 };

        await RunAsync(sink, new ScriptedConstraint([[7], [8], [9]]), 50);

        Assert.Equal([7, 8], sink.Tokens);
    }

    [Fact]
    public async Task RunAsync_ConstraintThatFails_EndsItsAnswerOnly()
    {
        using var scheduler = Create();
        var failing = new GeneratedSequence(s_prompt, new(), 50, new RecordingSink(), new ScriptedConstraint([[7], [8]]) { FailsAt = 1 }, s_cancel);
        var sink = new RecordingSink();
        var other = new GeneratedSequence(s_prompt, new(), 9, sink, null, s_cancel);

        var (failed, ran) = (scheduler.RunAsync(failing), scheduler.RunAsync(other));

        Assert.Equal("scripted", (await Assert.ThrowsAsync<InvalidOperationException>(() => failed)).Message);
        await ran;
        Assert.Equal(ScriptedDecoder.Answer(s_prompt, 9), sink.Tokens);
    }

    /// <summary>The same answer alone and beside others: how it is made does not depend on them.</summary>
    [Fact]
    public async Task RunAsync_ConstrainedBesideOthers_IsTheSameAnswer()
    {
        int[][] script = [[7], [8], [20, 21, 22], [30, 31], [9], [10], [11], [.. Enumerable.Range(0, 64)], [1]];
        var alone = new RecordingSink();
        await RunAsync(alone, new ScriptedConstraint(script), 50);

        using var scheduler = Create();
        var sinks = Enumerable.Range(0, 5).Select(_ => new RecordingSink()).ToList();
        await Task.WhenAll(sinks.Select((s, i) => scheduler.RunAsync(new GeneratedSequence(
            i % 2 == 0 ? s_prompt : DecodeSchedulerTests.Prompt(40, i), new(), 50, s, i % 2 == 0 ? new ScriptedConstraint(script) : null, s_cancel))));

        Assert.All(sinks.Where((_, i) => i % 2 == 0), s => Assert.Equal(alone.Tokens, s.Tokens));
        Assert.Equal(ScriptedDecoder.Answer(DecodeSchedulerTests.Prompt(40, 3), 50), sinks[3].Tokens);
    }

    private async Task RunAsync(RecordingSink sink, ScriptedConstraint constraint, int maxTokens, bool exact = false)
    {
        using var scheduler = Create(exact);
        await scheduler.RunAsync(new GeneratedSequence(s_prompt, new(), maxTokens, sink, constraint, s_cancel));
    }

    private DecodeScheduler Create(bool exact = false) => new(_decoder, ScriptedDecoder.Bytes, new EngineSettings(8, 8, 0, exact));

    /// <summary>At each place a set of tokens; sets of one are forced.</summary>
    private sealed class ScriptedConstraint(int[][] places) : ITokenConstraint
    {
        private int[] _forced = [];
        private uint[] _mask = [];

        public List<int> Accepted { get; } = [];

        public int? FailsAt { get; init; }

        public bool IsComplete => Accepted.Count == places.Length;

        public ReadOnlySpan<int> ForcedTokens =>
            _forced = [.. places.Skip(Accepted.Count).TakeWhile(p => p.Length == 1).Select(p => p[0])];

        public ReadOnlySpan<uint> AllowedTokens
        {
            get
            {
                _mask = new uint[ScriptedDecoder.Vocabulary / 32];
                foreach (var token in places[Accepted.Count])
                {
                    _mask[token / 32] |= 1u << (token % 32);
                }

                return _mask;
            }
        }

        public void Accept(int token)
        {
            Assert.Contains(token, places[Accepted.Count]);
            Accepted.Add(Accepted.Count == FailsAt ? throw new InvalidOperationException("scripted") : token);
        }
    }
}
