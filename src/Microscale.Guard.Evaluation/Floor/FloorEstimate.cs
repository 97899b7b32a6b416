namespace Microscale.Guard.Evaluation;

/// <summary>How often a calibrated model must make facts up, by the share of facts that were seen once, and how many questions
/// must at least be left unanswered for it.</summary>
/// <remarks>
/// <para>Kalai and Vempala 2024, "Calibrated language models must hallucinate", arXiv 2311.14648: a model that is trained on the counted
/// text makes up arbitrary facts at a rate of at least about this share less its calibration error, up to terms that vanish with
/// the size of the text. "Arbitrary" are facts that cannot be inferred from others, such as dates.</para>
/// <para>For a traffic log the share is the probability that the next question is a new one: what no label, cached answer or
/// reviewed passage of the log covers.</para>
/// </remarks>
public sealed record FloorEstimate
{
    /// <summary>How many documents or questions were counted.</summary>
    public required long Documents { get; init; }

    /// <summary>How many facts they hold, each counted once a document.</summary>
    public required long Observations { get; init; }

    /// <summary>How many of them are different.</summary>
    public required long Facts { get; init; }

    /// <summary>How many were seen in one document only.</summary>
    public required long SeenOnce { get; init; }

    /// <summary>How many were seen in exactly two.</summary>
    public required long SeenTwice { get; init; }

    /// <summary>The Good–Turing estimate: facts seen once over all observations.</summary>
    public required MetricInterval Share { get; init; }

    /// <summary>The calibration error that was assumed.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The rate of made-up facts of a model that answers everything: <see cref="Share"/> less
    /// <see cref="CalibrationError"/>, at least 0.</summary>
    public MetricInterval Floor => Map(share => share - CalibrationError);

    /// <summary>The least share of questions that must be left unanswered, so that of the answered ones at most a given share is
    /// wrong: with abstention that withholds nothing but errors. Real abstention withholds more.</summary>
    /// <param name="errorRate">The highest error rate among the answered, from 0 to below 1.</param>
    /// <remarks>Of a floor f, withholding a leaves an error of (f − a)/(1 − a), which is at most e from a = (f − e)/(1 − e)
    /// on.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errorRate"/> is out of its range.</exception>
    public MetricInterval AbstentionFor(double errorRate) => errorRate is >= 0 and < 1
        ? Map(share => (share - CalibrationError - errorRate) / (1 - errorRate))
        : throw new ArgumentOutOfRangeException(nameof(errorRate), errorRate, "An error rate is from 0 to below 1, such as 0.05.");

    private MetricInterval Map(Func<double, double> map) =>
        Share with { Value = Math.Max(0, map(Share.Value)), Low = Math.Max(0, map(Share.Low)), High = Math.Max(0, map(Share.High)) };
}
