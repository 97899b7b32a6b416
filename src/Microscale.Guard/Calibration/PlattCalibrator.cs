using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>p = σ(slope · s + offset): Platt 1999; Newton's method with backtracking as in Lin, Lin and Weng 2007.</summary>
[method: JsonConstructor]
internal sealed class PlattCalibrator(double slope, double offset) : Calibrator
{
    private const int MaxSteps = 100;

    public double Slope => slope;

    public double Offset => offset;

    public static PlattCalibrator Fit(LabelledScore[] pairs)
    {
        var right = pairs.Count(p => p.IsCorrect);
        var (high, low) = ((right + 1.0) / (right + 2.0), 1.0 / (pairs.Length - right + 2.0));
        var (scores, targets) = (pairs.Select(p => p.Score).ToArray(), pairs.Select(p => p.IsCorrect ? high : low).ToArray());
        var (slope, offset) = Minimize(scores, targets);

        // The loss is convex, so where the best slope falls, the best that does not is level.
        return slope > 0 && double.IsFinite(slope) && double.IsFinite(offset)
            ? new(slope, offset)
            : new(0, Logit(targets.Average()));
    }

    internal override string? Flaw() =>
        slope >= 0 && double.IsFinite(slope) && double.IsFinite(offset) ? null : "the slope of its curve is negative or no number";

    private protected override double Map(double score) => Sigmoid((slope * score) + offset);

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static (double Slope, double Offset) Minimize(double[] scores, double[] targets)
    {
        var (slope, offset) = (0.0, Logit(targets.Average()));
        var loss = Loss(slope, offset);
        for (var step = 0; step < MaxSteps; step++)
        {
            // The ridge keeps the Hessian invertible where all scores are the same.
            var (g1, g2, h11, h12, h22) = (0.0, 0.0, 1e-12, 0.0, 1e-12);
            for (var i = 0; i < scores.Length; i++)
            {
                var p = Sigmoid((slope * scores[i]) + offset);
                var (d, w) = (p - targets[i], p * (1 - p));
                (g1, g2) = (g1 + (d * scores[i]), g2 + d);
                (h11, h12, h22) = (h11 + (w * scores[i] * scores[i]), h12 + (w * scores[i]), h22 + w);
            }

            if (Math.Abs(g1) < 1e-9 && Math.Abs(g2) < 1e-9)
            {
                break;
            }

            var determinant = (h11 * h22) - (h12 * h12);
            var (d1, d2) = (-((h22 * g1) - (h12 * g2)) / determinant, -((h11 * g2) - (h12 * g1)) / determinant);
            var size = 1.0;
            while (size > 1e-10 && !(Loss(slope + (size * d1), offset + (size * d2)) < loss + (1e-4 * size * ((g1 * d1) + (g2 * d2)))))
            {
                size /= 2;
            }

            if (size <= 1e-10)
            {
                break;
            }

            (slope, offset) = (slope + (size * d1), offset + (size * d2));
            loss = Loss(slope, offset);
        }

        return (slope, offset);

        double Loss(double a, double b)
        {
            var sum = 0.0;
            for (var i = 0; i < scores.Length; i++)
            {
                var f = (a * scores[i]) + b;
                sum += Math.Max(f, 0) + Math.Log(1 + Math.Exp(-Math.Abs(f))) - (targets[i] * f);
            }

            return sum;
        }
    }
}
