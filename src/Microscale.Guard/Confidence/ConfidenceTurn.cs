using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>The scoring of one answer: runs the scorer behind a barrier, and keeps what it gave, took and cost.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "The parent activity belongs to who started it.")]
internal sealed class ConfidenceTurn : IDisposable
{
    private readonly IConfidenceScorer _scorer;
    private readonly ConfidenceOptions _settings;
    private readonly ILogger _logger;
    private readonly IChatClient _client;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly CancellationToken _cancellationToken;
    private readonly AnsweringModel _model;
    private readonly Activity? _parent = Activity.Current;
    private readonly long _started;
    private Activity? _activity;
    private SampleDrawer? _samples;
    private bool _isDisposed;
    private volatile Result? _result;
    private TimeSpan? _scoringStarted;
    private TimeSpan _scoring;
    private bool _isScored;

    public ConfidenceTurn(
        IConfidenceScorer scorer,
        ConfidenceOptions settings,
        ILogger logger,
        IChatClient model,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken)
    {
        _scorer = scorer;
        _settings = settings;
        _logger = logger;
        _client = model;
        _messages = messages;
        _options = options;
        _cancellationToken = cancellationToken;
        _model = new AnsweringModel(model, options) { Prices = settings.Prices };
        _started = settings.TimeProvider.GetTimestamp();
    }

    /// <summary>Whether the scorer failed; it is not asked again for this answer.</summary>
    public bool HasFailed => _result?.Fault is not null;

    /// <summary>The time since the request came.</summary>
    public TimeSpan Elapsed => _settings.TimeProvider.GetElapsedTime(_started);

    /// <summary>The model's time for the answer.</summary>
    public TimeSpan Generation { get; set; }

    /// <summary>What the samples and the scorer's other calls cost; null when nothing is known.</summary>
    public UsageDetails? SampleUsage => UsageSum.Of(_samples?.Usage, _model.Usage);

    /// <summary>Made when the first sample is wanted: most scorers want none. A scorer that was left behind may be the one that asks,
    /// at any time.</summary>
    private SampleDrawer Samples
    {
        get
        {
            lock (_model)
            {
                if (_samples is null)
                {
                    _samples = new(_client, _messages, _options, _settings, _cancellationToken);
                    if (_isDisposed)
                    {
                        _samples.Dispose();
                    }
                }

                return _samples;
            }
        }
    }

    /// <summary>Starts to draw the samples that the scorer will ask for at the end.</summary>
    public void StartSampling()
    {
        if (_scoringStarted is null)
        {
            var current = Activity.Current;
            Begin();
            Samples.Start(_scorer.Cost.Samples);
            Activity.Current = current;
        }
    }

    /// <summary>Scores the beginning of an answer.</summary>
    public async Task ScoreBeginningAsync(string text, IReadOnlyList<TokenLogProbability>? tokens)
    {
        Activity.Current = _parent;
        var before = Elapsed;
        _result = ResultOf(await RunAsync(text, tokens), text.Length);
        _scoring += Elapsed - before;
    }

    /// <summary>Scores a whole answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ScoreAsync(string text, IReadOnlyList<TokenLogProbability>? tokens, string? responseId)
    {
        Begin();
        var result = HasFailed ? _result! with { Length = text.Length } : ResultOf(await RunAsync(text, tokens), text.Length);
        _result = result;
        _scoring += Elapsed - _scoringStarted!.Value;
        _isScored = true;
        Record(result, responseId);
    }

    /// <summary>Records what is known of an answer that nobody reads to its end: the score of its beginning may be why.</summary>
    public void EndEarly(string? responseId)
    {
        if (!_isScored && _result is { } result)
        {
            Begin();
            Record(result, responseId);
        }
    }

    /// <summary>Adds what is known so far to the report of the inner parts.</summary>
    public GuardReport AddTo(GuardReport? inner)
    {
        inner ??= GuardReport.Empty;
        var result = _result;
        return inner with
        {
            Confidence = result?.Score ?? inner.Confidence,
            ScoredLength = result?.Length ?? inner.ScoredLength,
            Faults = result?.Fault is { } fault ? [.. inner.Faults, fault] : inner.Faults,
            SampleUsage = _isScored ? UsageSum.Of(inner.SampleUsage, SampleUsage) : inner.SampleUsage,
            Timings = inner.Timings with
            {
                Generation = inner.Timings.Generation > TimeSpan.Zero ? inner.Timings.Generation : Generation,
                Scoring = inner.Timings.Scoring + _scoring,
                Total = Elapsed,
            },
        };
    }

    public void Dispose()
    {
        lock (_model)
        {
            _isDisposed = true;
            _samples?.Dispose();
        }

        _activity?.Dispose();
    }

    private void Record(Result result, string? responseId)
    {
        if (result.Fault is { } fault)
        {
            GuardTelemetry.RecordFault(_activity, fault);
            ConfidenceLog.Failed(_logger, fault.Component, fault.ErrorType);
        }
        else if (result.Score.Value is { } value)
        {
            ConfidenceLog.Scored(_logger, result.Score.Scorer, value);
        }
        else
        {
            ConfidenceLog.Unavailable(_logger, result.Score.Scorer);
        }

        GuardTelemetry.RecordConfidence(_activity, _logger, result.Score, responseId);
        _activity?.Dispose();
    }

    private void Begin()
    {
        if (_scoringStarted is null)
        {
            _scoringStarted = Elapsed;
            Activity.Current = _parent;
            _activity = GuardTelemetry.StartScoring(_scorer.Name);
        }
        else
        {
            Activity.Current = _activity ?? _parent;
        }
    }

    private ValueTask<(ConfidenceScore? Score, GuardFault? Fault)> RunAsync(string text, IReadOnlyList<TokenLogProbability>? tokens) => FaultBarrier.RunAsync(
        GuardStage.Confidence,
        _scorer.Name,
        static (asked, stop) => asked.Turn.AskAsync(asked.Text, asked.Tokens, stop),
        (Turn: this, Text: text, Tokens: tokens),
        _settings.ScorerTimeout,
        _settings.TimeProvider,
        _cancellationToken);

    private ValueTask<ConfidenceScore> AskAsync(string text, IReadOnlyList<TokenLogProbability>? tokens, CancellationToken cancellationToken) =>
        _scorer.ScoreAsync(new ConfidenceContext(_messages, text, tokens, DrawAsync) { Model = _model }, cancellationToken);

    private Task<IReadOnlyList<ChatResponse>> DrawAsync(int count, CancellationToken cancellationToken) => Samples.DrawAsync(count, cancellationToken);

    private Result ResultOf((ConfidenceScore? Score, GuardFault? Fault) ran, int length)
    {
        var (score, fault) = ran;
        if (score is { Value: not (null or (>= 0 and <= 1)) })
        {
            fault = new GuardFault(GuardStage.Confidence, _scorer.Name, "invalid", $"It gave {score.Value}, which is not from 0 to 1.");
        }

        return fault is null
            ? new(score!, null, length)
            : new(ConfidenceScore.Unavailable(_scorer.Name, $"The scorer failed ({fault.ErrorType}): {fault.Message}"), fault, length);
    }

    /// <summary>What is known of a text, replaced as a whole: the stream goes on while its beginning is scored.</summary>
    private sealed record Result(ConfidenceScore Score, GuardFault? Fault, int Length);
}
