using System.Diagnostics;
using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The decode loop of the chat model, as requests run it.</summary>
internal sealed class DecodeBench : IDisposable
{
    private const int StepsPerRound = 24;

    /// <summary>The first choice runs nothing, the second binds the buffers of a step.</summary>
    private const int WarmUp = 2;

    /// <summary>Short enough to fall between two interruptions by other work on the machine.</summary>
    private const int WindowLength = 6;

    private readonly DecoderModel _model;
    private readonly DecodeScheduler _scheduler;
    private readonly int[] _prompt;

    /// <param name="contextLength">Tokens in the middle of a round.</param>
    /// <param name="threads">Threads of the runtime.</param>
    /// <param name="exact">Whether steps compute as the reading of a prompt does.</param>
    public DecodeBench(int contextLength, int threads, bool exact = false)
    {
        _model = new DecoderModel(ModelFolders.Chat, threads, allowSpinning: true);
        _scheduler = new DecodeScheduler(
            _model, ChatTokenizer.Load(ModelFolders.Chat).Bytes, new EngineSettings(1, 1, PrefixCacheBytes: 256 << 20, exact));
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
    public (double Seconds, double Bytes) RunRound()
    {
        var clock = new Clock();
        _scheduler.RunAsync(new GeneratedSequence(_prompt, new(), WarmUp + StepsPerRound, clock, null, CancellationToken.None)).GetAwaiter().GetResult();
        var times = clock.Times.AsSpan(WarmUp - 1);
        var fastest = double.MaxValue;
        for (var i = 0; i + WindowLength < times.Length; i++)
        {
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(times[i], times[i + WindowLength]).TotalSeconds / WindowLength);
        }

        return (fastest, (clock.Bytes[^1] - clock.Bytes[WarmUp - 1]) / (double)StepsPerRound);
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _model.Dispose();
    }

    /// <summary>Notes the time and the allocations of each token, on the engine's thread.</summary>
    private sealed class Clock : ITokenSink
    {
        private int _count;

        public long[] Times { get; } = new long[WarmUp + StepsPerRound];

        public long[] Bytes { get; } = new long[WarmUp + StepsPerRound];

        public int? TopLogProbabilities => null;

        public bool Accept(int token, TokenLogProbability? logProbability)
        {
            Bytes[_count] = GC.GetAllocatedBytesForCurrentThread();
            Times[_count++] = Stopwatch.GetTimestamp();
            return true;
        }

        public void End(bool complete)
        {
        }
    }
}
