using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microscale.Guard;

/// <summary>Watches whether the scores at run time are still distributed as those of the calibration: where they are not, its
/// guarantees no longer speak of what happens.</summary>
/// <remarks>
/// <para>The population stability index Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ) over bins of equal mass of the calibration (Siddiqi 2006, "Credit
/// risk scorecards"; in statistics the divergence of Jeffreys 1946), over a window of the latest scores. Half a score is added
/// to each bin, so that an empty one has a finite part. Takes a fixed amount of memory.</para>
/// <para>It sees a change of the scores, not of the error rate: both can change alone. Label a few answers from time to
/// time.</para>
/// <para>Safe for concurrent callers.</para>
/// </remarks>
public sealed partial class DriftMonitor
{
    private readonly CalibrationArtefact _calibration;
    private readonly DriftOptions _options;
    private readonly ILogger _logger;
    private readonly ScoreBins _bins;
    private readonly double[] _expected;
    private readonly int[] _counts;
    private readonly Lock _gate = new();
    private readonly Queue<(int Bin, long At)> _window;
    private DriftStatus _status;

    /// <summary>Creates a monitor.</summary>
    /// <param name="calibration">The calibration that the scores are compared with.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="loggerFactory">Makes the logger; no logging without one.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public DriftMonitor(CalibrationArtefact calibration, DriftOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        _calibration = calibration;
        _options = (options ?? new()).Validated();
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<DriftMonitor>();
        _bins = new(calibration.Scores.Edges);
        _counts = new int[_bins.Count];
        _expected = [.. calibration.Scores.Shares.Select(s => Smoothed(s * calibration.SampleCount, calibration.SampleCount))];
        _window = new(_options.Window);
        _status = new(calibration.Pipeline.Scorer, 0, null, false, _options.TimeProvider.GetUtcNow());
    }

    /// <summary>What is known now.</summary>
    public DriftStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    internal Calibrator Calibrator => _calibration.Calibrator;

    /// <summary>Takes the raw score of an answer. The guard does this for the first draft of each request.</summary>
    /// <param name="score">The raw score, from 0 to 1; others are ignored.</param>
    /// <returns>What is known with it.</returns>
    public DriftStatus Observe(double score)
    {
        if (score is not (>= 0 and <= 1))
        {
            return Status;
        }

        DriftStatus status;
        bool changed;
        lock (_gate)
        {
            var now = _options.TimeProvider.GetTimestamp();
            if (_window.Count == _options.Window)
            {
                Forget();
            }

            while (_window.TryPeek(out var oldest) && _options.TimeProvider.GetElapsedTime(oldest.At, now) > _options.MaxAge)
            {
                Forget();
            }

            var bin = _bins.IndexOf(score);
            _window.Enqueue((bin, now));
            _counts[bin]++;
            changed = Update();
            status = _status;
        }

        GuardTelemetry.RecordDrift(status, changed);
        if (changed)
        {
            Tell(status);
        }

        return status;
    }

    private void Forget() => _counts[_window.Dequeue().Bin]--;

    /// <summary>Computes the status anew; whether drift began or ended with it.</summary>
    private bool Update()
    {
        double? index = _window.Count < _options.MinimumCount ? null : StabilityIndex();

        // What is not known any more is not over.
        var isDrifted = index is null ? _status.IsDrifted : index >= _options.Threshold;
        var changed = isDrifted != _status.IsDrifted;
        _status = new(_status.Scorer, _window.Count, index, isDrifted, changed ? _options.TimeProvider.GetUtcNow() : _status.Since);
        return changed;
    }

    private double StabilityIndex()
    {
        var sum = 0.0;
        for (var i = 0; i < _counts.Length; i++)
        {
            var actual = Smoothed(_counts[i], _window.Count);
            sum += (actual - _expected[i]) * Math.Log(actual / _expected[i]);
        }

        return sum;
    }

    private double Smoothed(double count, int total) => (count + 0.5) / (total + (0.5 * _bins.Count));

    private void Tell(DriftStatus status)
    {
        if (status.IsDrifted)
        {
            LogDrifted(status.Scorer, status.StabilityIndex, status.Count, _calibration.CreatedAt);
        }
        else
        {
            LogReturned(status.Scorer, status.StabilityIndex);
        }

        try
        {
            _options.OnChange?.Invoke(status);
        }
        catch (Exception exception)
        {
            LogListenerFailed(exception.GetType().FullName);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The scores of {Scorer} have left the calibrated distribution: stability index {Index} over {Count} scores, against the calibration of {CalibratedAt}. Its guarantees no longer hold; calibrate anew.", EventName = GuardTelemetryNames.Events.Drift)]
    private partial void LogDrifted(string scorer, double? index, int count, DateTimeOffset calibratedAt);

    [LoggerMessage(LogLevel.Information, "The scores of {Scorer} are distributed as calibrated again: stability index {Index}.")]
    private partial void LogReturned(string scorer, double? index);

    [LoggerMessage(LogLevel.Warning, "The listener for drift failed with {ErrorType}.")]
    private partial void LogListenerFailed(string? errorType);
}
