using System.Diagnostics;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The decode loop of the chat model, as requests run it.</summary>
internal sealed class DecodeBench : IDisposable
{
    private const int StepsPerRound = 24;

    /// <summary>Short enough to fall between two interruptions by other work on the machine.</summary>
    private const int WindowLength = 6;

    private readonly ChatTokenizer _tokenizer = ChatTokenizer.Load(ModelFolders.Chat);
    private readonly DecoderModel _model;
    private readonly TokenGenerator _generator;
    private readonly int[] _prompt;
    private readonly double[] _times = new double[StepsPerRound];

    /// <param name="contextLength">Tokens in the middle of a round.</param>
    /// <param name="threads">Threads of the runtime.</param>
    public DecodeBench(int contextLength, int threads)
    {
        _model = DecoderModel.Load(ModelFolders.Chat, threads, allowSpinning: true);
        _generator = new TokenGenerator(_model, _tokenizer.Bytes, contextLength + StepsPerRound);
        _prompt = [.. Enumerable.Range(0, contextLength - (StepsPerRound / 2)).Select(i => 100 + (i * 37 % 40_000))];
    }

    /// <summary>Bytes of weights and of keys and values that a step reads at a context length.</summary>
    /// <remarks>Layers and output head whole. The head is the embedding (tied), whose file also holds the rotary tables: two of
    /// half a head for each position of the context, of which a step reads one row.</remarks>
    public static double BytesPerStep(int contextLength)
    {
        var config = DecoderConfig.Read(ModelFolders.Chat);
        var files = Directory.EnumerateFiles(ModelFolders.Chat.Path, "*.data").Sum(f => new FileInfo(f).Length);
        var rotary = (long)config.ContextLength * config.HeadSize * sizeof(float);
        return files - rotary + (contextLength * config.KeyValueBytesPerToken);
    }

    /// <summary>Reads a prompt and makes tokens.</summary>
    /// <returns>The time of a token, in seconds, as the mean of the fastest run of consecutive ones, and the managed bytes allocated
    /// for each.</returns>
    public (double Seconds, double Bytes) RunRound(bool exact = false)
    {
        _generator.Begin(_prompt, new SamplingSettings(), exact, CancellationToken.None);

        // The first choice runs nothing, the second binds the buffers of a step.
        _generator.Next();
        _generator.Next();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < _times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _generator.Next();
            _times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var fastest = Enumerable.Range(0, StepsPerRound - WindowLength + 1).Min(i => _times.AsSpan(i, WindowLength).ToArray().Average());
        return (fastest, bytes / (double)_times.Length);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _model.Dispose();
    }
}
