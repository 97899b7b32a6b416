using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>Turns a raw score into a probability of being right, as fitted on labelled answers.</summary>
/// <remarks>Immutable. Never reorders: of two scores the higher one never gets the lower probability, so a threshold on one
/// scale has its equal on the other. A score that ranks wrong answers above right ones becomes the same probability for
/// all.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(PlattCalibrator), "platt")]
[JsonDerivedType(typeof(IsotonicCalibrator), "isotonic")]
[JsonDerivedType(typeof(TemperatureCalibrator), "temperature")]
[JsonDerivedType(typeof(HistogramCalibrator), "histogram")]
public abstract class Calibrator
{
    private protected Calibrator()
    {
    }

    /// <summary>Fits a calibrator.</summary>
    /// <param name="method">How.</param>
    /// <param name="pairs">Labelled answers of the pipeline that will be calibrated; their order does not matter.</param>
    /// <exception cref="ArgumentException">There is no pair, or a score is not from 0 to 1.</exception>
    public static Calibrator Fit(CalibrationMethod method, IEnumerable<LabelledScore> pairs)
    {
        var array = LabelledScore.Checked(pairs);
        return method switch
        {
            CalibrationMethod.Platt => PlattCalibrator.Fit(array),
            CalibrationMethod.Isotonic => IsotonicCalibrator.Fit(array),
            CalibrationMethod.Temperature => TemperatureCalibrator.Fit(array),
            CalibrationMethod.Histogram => HistogramCalibrator.Fit(array),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, $"Use a value of {nameof(CalibrationMethod)}."),
        };
    }

    /// <summary>The probability that an answer with a score is right.</summary>
    /// <param name="score">The raw score, from 0 to 1.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is not from 0 to 1.</exception>
    public double Apply(double score) => score is >= 0 and <= 1
        ? Map(score)
        : throw new ArgumentOutOfRangeException(nameof(score), score, "A score is from 0 to 1.");

    private protected abstract double Map(double score);

    /// <summary>What cannot be in a calibrator that was fitted, such as a falling curve; null when all is well.</summary>
    internal abstract string? Flaw();

    private protected static bool IsRising(IReadOnlyList<double> values) =>
        values.All(v => v is >= 0 and <= 1) && values.Zip(values.Skip(1)).All(p => p.First <= p.Second);

    private protected static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>How a <see cref="Calibrator"/> is fitted.</summary>
public enum CalibrationMethod
{
    /// <summary>A rising step function, smoothed between its steps. Follows any rising curve; wants a few hundred pairs.</summary>
    /// <remarks>Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass probability estimates"; fitted by
    /// pooling adjacent violators (Ayer et al. 1955).</remarks>
    Isotonic,

    /// <summary>A logistic curve with slope and offset. Two parameters: for a few dozen pairs.</summary>
    /// <remarks>Platt 1999, "Probabilistic outputs for support vector machines", with his smoothed targets; fitted as in Lin, Lin
    /// and Weng 2007, "A note on Platt's probabilistic outputs". The slope is kept at 0 or above.</remarks>
    Platt,

    /// <summary>One parameter that sharpens or flattens. Leaves 0.5 where it is: for scores that are probabilities already.</summary>
    /// <remarks>Guo et al. 2017, "On calibration of modern neural networks", arXiv 1706.04599.</remarks>
    Temperature,

    /// <summary>The share of right answers in bins of equal mass.</summary>
    /// <remarks>Zadrozny and Elkan 2001, "Obtaining calibrated probability estimates from decision trees and naive Bayesian
    /// classifiers"; neighbouring bins that would reorder are pooled.</remarks>
    Histogram,
}
