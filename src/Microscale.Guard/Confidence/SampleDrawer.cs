using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Draws further answers to one request from the model, a bounded number at a time.</summary>
/// <remarks>
/// <para>A model that is an <see cref="ISampleGenerator"/> draws all samples at once. One that has such a model inside is asked once
/// for each sample: what it does in between (cache, retry, change the request, count) has to see every one.</para>
/// <para>Safe for concurrent callers. Disposing it cancels what still runs, without waiting for a model that ignores that.</para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's and the source's wait handles are never taken, so both hold nothing to release; samples that ignore cancellation may use them after disposal.")]
[SuppressMessage("Usage", "CA2213", Justification = "As above.")]
internal sealed class SampleDrawer : IDisposable
{
    private readonly IChatClient _model;
    private readonly ISampleGenerator? _generator;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly float _temperature;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _callerStops;
    private readonly Lock _gate = new();
    private readonly List<Task<ChatResponse>> _started = [];
    private int _taken;
    private UsageDetails? _usage;

    public SampleDrawer(
        IChatClient model,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        ConfidenceOptions settings,
        CancellationToken cancellationToken)
    {
        _model = model;

        // GetService may find it further inside; only the model itself may be asked.
        _generator = model.GetService<ISampleGenerator>() is { } generator && ReferenceEquals(generator, model) ? generator : null;
        _messages = messages;
        _options = options;
        _temperature = Math.Max(settings.SampleTemperature, options?.Temperature ?? 0);
        _slots = new SemaphoreSlim(settings.MaxConcurrentSamples);
        _callerStops = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
    }

    /// <summary>What the samples cost so far; null when none was drawn, or the model does not say.</summary>
    public UsageDetails? Usage
    {
        get
        {
            lock (_gate)
            {
                return UsageSum.Of(_usage);
            }
        }
    }

    /// <summary>Why samples of this request cannot be drawn; null when they can.</summary>
    private string? Obstacle => _messages.Count == 0
        ? "There are no messages to draw samples for: the request only resumes an answer."
        : _options?.ConversationId is not null
        ? "ChatOptions.ConversationId is set: the server keeps the conversation, and samples would be added to it. Send the whole conversation as messages, or use a scorer that needs no samples."
        : null;

    /// <summary>Starts to draw samples for whoever asks later.</summary>
    public void Start(int count)
    {
        if (Obstacle is null)
        {
            lock (_gate)
            {
                Ensure(count);
            }
        }
    }

    /// <summary>The next samples.</summary>
    /// <exception cref="InvalidOperationException">Samples of this request cannot be drawn.</exception>
    public async Task<IReadOnlyList<ChatResponse>> DrawAsync(int count, CancellationToken cancellationToken)
    {
        if (Obstacle is { } obstacle)
        {
            throw new InvalidOperationException(obstacle);
        }

        Task<ChatResponse[]> drawn;
        lock (_gate)
        {
            Ensure(_taken + count);
            drawn = Task.WhenAll(_started.Skip(_taken).Take(count));
            _taken += count;
        }

        return await drawn.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _callerStops.Dispose();
        _stop.Cancel();
    }

    private void Ensure(int count)
    {
        var (first, missing) = (_started.Count, count - _started.Count);
        if (_generator is not null && missing > 0)
        {
            var drawn = RunAsync(() => _generator.GenerateSamplesAsync(_messages, missing, SampleOptions(first), _stop.Token));
            for (var i = 0; i < missing; i++)
            {
                Add(PickAsync(drawn, i));
            }
        }

        while (_started.Count < count)
        {
            var options = SampleOptions(_started.Count);
            Add(SampleAsync(options));
        }
    }

    private void Add(Task<ChatResponse> sample)
    {
        _started.Add(sample);

        // Nobody may ever ask for it; its failure is then of no interest.
        _ = sample.ContinueWith(
            static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private static async Task<ChatResponse> PickAsync(Task<IReadOnlyList<ChatResponse>> drawn, int index) => (await drawn)[index];

    private async Task<ChatResponse> SampleAsync(ChatOptions options) =>
        (await RunAsync(async () => [await _model.GetResponseAsync(_messages, options, _stop.Token)]))[0];

    /// <summary>Draws samples on another thread: a local model may compute before it first awaits.</summary>
    private Task<IReadOnlyList<ChatResponse>> RunAsync(Func<Task<IReadOnlyList<ChatResponse>>> draw) => Task.Run(async () =>
    {
        await _slots.WaitAsync(_stop.Token);
        try
        {
            // A slot that is released while the wait for it is being cancelled may still be given.
            _stop.Token.ThrowIfCancellationRequested();
            var responses = await draw();
            foreach (var response in responses)
            {
                lock (_gate)
                {
                    _usage = UsageSum.Of(_usage, response.Usage);
                }

                GuardTelemetry.RecordTokens(response.Usage, response.GetGuardReport()?.SampleUsage);
            }

            return responses;
        }
        catch
        {
            // One sample short, the others are of no use.
            await _stop.CancelAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    });

    private ChatOptions SampleOptions(int index)
    {
        var options = _options?.Clone() ?? new();
        options.Temperature = _temperature;

        // Settings that make every sample the same draw would feign agreement, as would a cache that sees equal requests.
        options.TopK = options.TopK is 1 ? null : options.TopK;
        options.TopP = options.TopP is < 0.5f ? null : options.TopP;
        options.Seed = SampleSeed(options.Seed ?? 0, index);

        // A sample must not act: no tool runs for it, and nothing goes on in the background.
        options.ToolMode = options.Tools is { Count: > 0 } ? ChatToolMode.None : options.ToolMode;
        options.AllowBackgroundResponses = null;
        return options;
    }

    /// <summary>A seed for each sample, from 0 to 2³¹ − 1 (the output function of SplitMix64: Steele, Lea and Flood 2014).</summary>
    private static long SampleSeed(long seed, int index)
    {
        var z = unchecked((ulong)seed + (((ulong)index + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (long)((z ^ (z >> 31)) >> 33);
    }
}
