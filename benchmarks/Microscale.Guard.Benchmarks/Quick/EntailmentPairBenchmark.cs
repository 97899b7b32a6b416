using System.Diagnostics;
using Microscale.Guard.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>One pair of 128 tokens: the model's whole call, and its time over that of a bare run of the session on the same
/// tokens. The two are measured in turn; the best of each counts.</summary>
internal sealed class EntailmentPairBenchmark : IQuickBenchmark
{
    private const int Rounds = 40;
    private const int Tokens = 128;

    private static readonly string[] Words = ["tower", "river", "house", "stone", "bridge", "garden", "street"];

    public IReadOnlyList<string> Names { get; } = ["entailment-pair-ms", "entailment-pair-ratio"];

    public IReadOnlyList<double> Run()
    {
        var threads = Math.Min(2, Environment.ProcessorCount);
        using var model = new OnnxEntailmentModel(ModelFolders.Entailment, new OnnxEncoderOptions { ThreadCount = threads });
        using var session = OnnxSessions.Open(ModelFolders.Entailment, threadCount: threads);
        var (whole, bare) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            // Words of its own, so that no round is remembered from another.
            var claim = $"The {Words[round % Words.Length]} {Words[round / Words.Length]} is old.";
            var pair = new EntailmentPair(string.Join(' ', Enumerable.Repeat("the old tower stands by the river", 16)) + " the old tower stands right there", claim);
            int[] ids = [.. model.Encode([pair], 0)];
            if (ids.Length != Tokens)
            {
                throw new InvalidOperationException($"The pair has {ids.Length} tokens, not {Tokens}.");
            }

            var start = Stopwatch.GetTimestamp();
            model.ClassifyAsync([pair]).AsTask().GetAwaiter().GetResult();
            whole = Math.Min(whole, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bare = Math.Min(bare, RunBare(session, ids));
        }

        return [whole, whole / bare];
    }

    private static double RunBare(InferenceSession session, int[] ids)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, i => (long)i), [1, ids.Length]);
        using var mask = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, _ => 1L), [1, ids.Length]);
        using var options = new RunOptions();
        var start = Stopwatch.GetTimestamp();
        using var outputs = session.Run(options, ["input_ids", "attention_mask"], [input, mask], ["logits"]);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
