using Microscale.Guard.Onnx.Tests.Chat;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>The model gives the numbers of an independent implementation.</summary>
/// <remarks>Machines have different 8-bit kernels, which round differently; 0.05 is what that may change.</remarks>
public sealed class GoldenAnswerTests : IDisposable
{
    private const double Tolerance = 0.05;

    private readonly ChatTokenizer _tokenizer = ChatTokenizer.Load(TestModels.Chat);
    private readonly DecoderModel _model = ChatDecoder.Load();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Prefill_GoldenPrompts_GiveTheBestFiveFirstTokens() => Assert.All(Golden.Answers, golden =>
    {
        using var batch = Read(golden);

        var best = new ulong[5];
        TokenRank.SelectBest(batch.Logits(0), best);
        Assert.Equal(golden.FirstTopFive.Select(t => (int)t[0]), best.Select(TokenRank.Token));
        var normaliser = new LogProbabilityReader(_tokenizer.Bytes).LogNormaliser(batch.Logits(0));
        Assert.All(golden.FirstTopFive.Zip(best), p => Assert.Equal(p.First[1], TokenRank.Value(p.Second) - normaliser, Tolerance));
    });

    [Fact]
    public async Task RunAsync_ScoreGoldenTokens_HaveTheGoldenLogProbabilities()
    {
        using var scheduler = new DecodeScheduler(_model, _tokenizer.Bytes, new EngineSettings(2, 2, 0, ExactSteps: false));
        foreach (var golden in Golden.Answers)
        {
            // Whole, cut so that one token is left for the last run, and of one token.
            List<int[]> continuations = [golden.GreedyIds, golden.GreedyIds[..Math.Min(golden.GreedyIds.Length, 34)], golden.GreedyIds[..2], golden.GreedyIds[..1]];
            var sequence = new ScoredSequence(golden.PromptIds, continuations, 0, TestContext.Current.CancellationToken);

            await scheduler.RunAsync(sequence);

            Assert.Equal(continuations.Select(c => c.Length), sequence.Scores.Select(s => s.Count));
            Assert.All(sequence.Scores, scores => Assert.All(
                golden.LogProbabilities.Zip(scores), p => Assert.Equal(p.First, p.Second.LogProbability, Tolerance)));
        }
    }

    [Fact]
    public void Step_ExactlyThroughGoldenTokens_HasTheGoldenLogProbabilities() => Assert.All(Golden.Answers, golden =>
        Assert.All(golden.LogProbabilities.Zip(StepThrough(golden, exact: true)), p => Assert.Equal(p.First, p.Second, Tolerance)));

    /// <summary>The kernel for single tokens rounds otherwise; the layers' 8-bit activations make that a difference between two
    /// computations that are equally far from the reference in full precision.</summary>
    [Fact]
    public void Step_ThroughGoldenTokens_IsAsCloseToTheReferenceAsTheGoldenGraph()
    {
        var steps = Golden.Answers.SelectMany(g => StepThrough(g, exact: false)).ToList();
        var reference = Golden.Answers.SelectMany(g => g.ReferenceLogProbabilities).ToList();
        var golden = Golden.Answers.SelectMany(g => g.LogProbabilities).ToList();

        Assert.True(MeanDifference(steps, golden) < Tolerance, $"{MeanDifference(steps, golden)} from the golden graph");
        Assert.True(MeanDifference(steps, reference) < MeanDifference(golden, reference) + 0.01, $"{MeanDifference(steps, reference)} from the reference");

        static double MeanDifference(List<double> x, List<double> y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Average();
    }

    private List<double> StepThrough(GoldenAnswer golden, bool exact)
    {
        using var batch = Read(golden);
        var reader = new LogProbabilityReader(_tokenizer.Bytes);
        var steps = new List<double>();
        var last = golden.PromptIds[^1];
        foreach (var token in golden.GreedyIds)
        {
            steps.Add(reader.Read(batch.Logits(0), token, 0).LogProbability);
            if (exact)
            {
                batch.Truncate(0, batch.Length(0) - 1);
                batch.Read(0, [last, token]);
                last = token;
            }
            else
            {
                batch.Step([token]);
            }
        }

        return steps;
    }

    private SharedBufferBatch Read(GoldenAnswer golden)
    {
        var batch = new SharedBufferBatch(_model);
        batch.AddRow();
        batch.Read(0, golden.PromptIds);
        return batch;
    }
}
