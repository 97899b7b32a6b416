using System.Diagnostics;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Requests to an engine with the chat model, in tokens, without a cache unless one is asked for.</summary>
internal sealed class EngineBench : IDisposable
{
    private readonly DecoderModel _model = new(ModelFolders.Chat, Math.Min(2, Environment.ProcessorCount), allowSpinning: true);
    private readonly ChatTokenizer _tokenizer = ChatTokenizer.Load(ModelFolders.Chat);
    private int _next;

    /// <summary>A text that begins as no other, of some length in tokens.</summary>
    public int[] NewPrompt(int length)
    {
        var sentences = Enumerable.Range(0, length).Select(i => FormattableString.Invariant($"In report {_next + i} the keeper of the light wrote what he had seen from the tower, and what he thought of it. "));
        _next += 1_000;
        return [.. _tokenizer.Encode(string.Concat(sentences)).Take(length)];
    }

    public DecodeScheduler Start(long cacheBytes = 0) => new(_model, _tokenizer.Bytes, new EngineSettings(8, 64, cacheBytes, ExactSteps: false));

    /// <summary>Makes answers of a length to one prompt.</summary>
    /// <returns>The seconds that it took.</returns>
    public static async Task<double> RunAsync(DecodeScheduler engine, int[] prompt, int length, int samples = 1)
    {
        var start = Stopwatch.GetTimestamp();
        var followers = Enumerable.Range(1, samples - 1).Select(i => Sequence(prompt, length, i)).ToList();
        await engine.RunAsync(Sequence(prompt, length, 0, followers));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _model.Dispose();

    private static GeneratedSequence Sequence(int[] prompt, int length, int seed, IReadOnlyList<GeneratedSequence>? followers = null) =>
        new(prompt, new SamplingSettings { Temperature = 0.7f, TopP = 0.95f, Seed = seed }, length, new Ignoring(), null, CancellationToken.None)
        {
            Followers = followers ?? [],
        };

    private sealed class Ignoring : ITokenSink
    {
        public int? TopLogProbabilities => null;

        public bool Accept(int token, TokenLogProbability? logProbability) => true;

        public void End(bool complete)
        {
        }
    }
}
