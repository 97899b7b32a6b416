namespace Microscale.Guard.Evaluation;

/// <summary>A pipeline in a report.</summary>
public sealed record PipelineReport
{
    /// <summary>The most points of a curve: more are not seen.</summary>
    private const int MostPoints = 200;

    private const int Bins = 10;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is made of.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Its figures.</summary>
    public required RunFigures Figures { get; init; }

    /// <summary>Their intervals of 95 %, by name.</summary>
    public required IReadOnlyDictionary<string, MetricInterval> Intervals { get; init; }

    /// <summary>The risk–coverage curve of its scores; empty without scores.</summary>
    public required IReadOnlyList<RiskCoveragePoint> RiskCoverage { get; init; }

    /// <summary>The bins of its reliability diagram; empty without scores.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The same of scores calibrated by isotonic regression, each half of the groups by the other, in bins of equal mass; empty where
    /// a half is too small.</summary>
    public required IReadOnlyList<ReliabilityBin> Calibrated { get; init; }

    /// <summary>The expected calibration error of these; null where there are none.</summary>
    public double? CalibratedEce { get; init; }

    /// <summary>How the scores of true and false rows are distributed.</summary>
    public required IReadOnlyList<OutcomeBin> Histogram { get; init; }

    /// <summary>What becomes of coverage, risk and calibration as the threshold rises.</summary>
    public required IReadOnlyList<TradeOffPoint> TradeOff { get; init; }

    /// <summary>What was let through and is false: the most sure.</summary>
    public required IReadOnlyList<EvaluationItem> AcceptedErrors { get; init; }

    /// <summary>What is true and was withheld: the least sure.</summary>
    public required IReadOnlyList<EvaluationItem> WithheldTruths { get; init; }

    internal static PipelineReport Create(PipelineResults results, ReportOptions options)
    {
        EvaluatedRow[] rows = [.. results.Rows];
        var isScored = rows.Any(r => r.Score is not null);
        LabelledScore[] ranked = isScored ? RunMetric.Ranked(rows) : [];
        LabelledScore[] scored = RunMetric.Scored(rows);
        LabelledScore[] calibrated = CrossCalibration.Apply(rows);
        return new()
        {
            Name = results.Name,
            Fingerprint = results.Fingerprint,
            Figures = RunFigures.Of(results),
            Intervals = results.Schema is null ? FigureIntervals.Of(rows, options) : new Dictionary<string, MetricInterval>(),
            RiskCoverage = isScored ? Thin(SelectiveMetrics.RiskCoverageCurve(ranked)) : [],
            Reliability = isScored ? CalibrationMetrics.ReliabilityDiagram(scored, Binning.EqualWidth, Bins) : [],
            Calibrated = calibrated.Length > 0 ? CalibrationMetrics.ReliabilityDiagram(calibrated, Binning.EqualMass, Bins) : [],
            CalibratedEce = calibrated.Length > 0 ? CalibrationMetrics.Ece(calibrated) : null,
            Histogram = isScored ? OutcomeBin.Of(scored) : [],
            TradeOff = isScored ? TradeOffPoint.Of(scored, rows.Length) : [],
            AcceptedErrors = Show(results.AcceptedErrors),
            WithheldTruths = Show(results.WithheldTruths),
        };

        IReadOnlyList<EvaluationItem> Show(IReadOnlyList<EvaluationItem> items) =>
            options.ShowTexts ? items : [.. items.Select(i => i.WithoutTexts())];
    }

    private static IReadOnlyList<RiskCoveragePoint> Thin(IReadOnlyList<RiskCoveragePoint> curve)
    {
        var step = Math.Max(1, (curve.Count + MostPoints - 1) / MostPoints);
        return [.. curve.Where((_, i) => i % step == 0 || i == curve.Count - 1)];
    }
}

/// <summary>Scores of a range, by what they were of.</summary>
/// <param name="Low">The range's beginning.</param>
/// <param name="High">Its end.</param>
/// <param name="True">How many were of true rows.</param>
/// <param name="False">How many were of false rows.</param>
public readonly record struct OutcomeBin(double Low, double High, int True, int False)
{
    private const int Bins = 20;

    internal static IReadOnlyList<OutcomeBin> Of(LabelledScore[] scored)
    {
        var counts = new (int True, int False)[Bins];
        foreach (var pair in scored)
        {
            ref var bin = ref counts[Math.Min((int)(pair.Score * Bins), Bins - 1)];
            bin = pair.IsCorrect ? (bin.True + 1, bin.False) : (bin.True, bin.False + 1);
        }

        return [.. counts.Select((c, i) => new OutcomeBin((double)i / Bins, (i + 1.0) / Bins, c.True, c.False))];
    }
}

/// <summary>What a threshold on the score makes of a pipeline.</summary>
/// <param name="Threshold">The lowest score that passes.</param>
/// <param name="Coverage">The share of all rows that pass.</param>
/// <param name="Risk">The share of false ones among them; null when there is none.</param>
/// <param name="CalibrationError">The expected calibration error of their scores; null when there is none.</param>
public readonly record struct TradeOffPoint(double Threshold, double Coverage, double? Risk, double? CalibrationError)
{
    private const int Steps = 20;

    internal static IReadOnlyList<TradeOffPoint> Of(LabelledScore[] scored, int rows)
    {
        var points = new List<TradeOffPoint>();
        for (var step = 0; step < Steps; step++)
        {
            var threshold = (double)step / Steps;
            var passed = Array.FindAll(scored, p => p.Score >= threshold);
            points.Add(passed.Length == 0
                ? new(threshold, 0, null, null)
                : new(threshold, (double)passed.Length / rows, passed.Count(p => !p.IsCorrect) / (double)passed.Length, CalibrationMetrics.Ece(passed)));
        }

        return points;
    }
}
