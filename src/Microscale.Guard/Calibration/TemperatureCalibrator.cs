using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>p = σ(logit(s) / T): Guo et al. 2017, arXiv 1706.04599, for a single probability. The loss is convex in 1/T, so
/// that its slope is bisected.</summary>
[method: JsonConstructor]
internal sealed class TemperatureCalibrator(double temperature) : Calibrator
{
    private const double Smallest = 1.0 / 64;
    private const double Largest = 64;

    public double Temperature => temperature;

    public static TemperatureCalibrator Fit(LabelledScore[] pairs)
    {
        var (low, high) = (1 / Largest, 1 / Smallest);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            var slope = pairs.Sum(p => (Sigmoid(middle * Logit(p.Score)) - (p.IsCorrect ? 1 : 0)) * Logit(p.Score));
            (low, high) = slope < 0 ? (middle, high) : (low, middle);
        }

        return new(2 / (low + high));
    }

    internal override string? Flaw() => temperature > 0 && double.IsFinite(temperature) ? null : "its temperature is not above 0";

    private protected override double Map(double score) => Sigmoid(Logit(score) / temperature);

    private static double Logit(double score)
    {
        var p = Math.Clamp(score, 1e-6, 1 - 1e-6);
        return Math.Log(p / (1 - p));
    }
}
