namespace Microscale.Guard;

/// <summary>A scorer whose values are probabilities of being right; the raw value stays beside them.</summary>
internal sealed class CalibratedScorer : IConfidenceScorer
{
    private readonly IConfidenceScorer _scorer;
    private readonly Calibrator _calibrator;

    public CalibratedScorer(IConfidenceScorer scorer, CalibrationArtefact calibration)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(calibration);
        if (calibration.Pipeline.Mismatch(scorer) is { } mismatch)
        {
            throw new InvalidOperationException(mismatch);
        }

        (_scorer, _calibrator) = (scorer, calibration.Calibrator);
    }

    public string Name => _scorer.Name;

    public string Fingerprint => _scorer.Fingerprint;

    public ScorerNeeds Needs => _scorer.Needs;

    public ScorerCost Cost => _scorer.Cost;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        var score = await _scorer.ScoreAsync(context, cancellationToken);

        // What cannot be goes on as it is: the box that asked knows what to do with it.
        return score is { Value: >= 0 and <= 1 and var raw }
            ? score with { Value = _calibrator.Apply(raw), RawValue = raw, IsCalibrated = true }
            : score!;
    }
}
