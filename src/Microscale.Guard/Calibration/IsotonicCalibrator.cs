using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>The rising function that is nearest to the labels (Zadrozny and Elkan 2002), with straight lines between its
/// steps, and level beyond the lowest and highest score that was seen.</summary>
[method: JsonConstructor]
internal sealed class IsotonicCalibrator(IReadOnlyList<double> scores, IReadOnlyList<double> probabilities) : Calibrator
{
    private readonly double[] _scores = [.. scores];

    public IReadOnlyList<double> Scores => scores;

    public IReadOnlyList<double> Probabilities => probabilities;

    public static IsotonicCalibrator Fit(LabelledScore[] pairs)
    {
        // Equal scores are one step: their order says nothing.
        var groups = pairs.GroupBy(p => p.Score).OrderBy(g => g.Key).ToArray();
        var (xs, ys) = (new List<double>(), new List<double>());
        var next = 0;
        foreach (var (count, mean) in PoolAdjacentViolators.Pool(groups.Select(g => ((double)g.Count(p => p.IsCorrect), (double)g.Count()))))
        {
            Add(groups[next].Key, mean);
            if (count > 1)
            {
                Add(groups[next + count - 1].Key, mean);
            }

            next += count;
        }

        return new(xs, ys);

        void Add(double score, double probability)
        {
            xs.Add(score);
            ys.Add(probability);
        }
    }

    internal override string? Flaw() =>
        scores.Count > 0 && scores.Count == probabilities.Count && IsRising(scores) && IsRising(probabilities)
            ? null
            : "its steps do not rise from 0 to 1, or are not as many as its scores";

    private protected override double Map(double score)
    {
        var index = Array.BinarySearch(_scores, score);
        if (index >= 0)
        {
            return probabilities[index];
        }

        var above = ~index;
        if (above == 0 || above == _scores.Length)
        {
            return probabilities[above == 0 ? 0 : ^1];
        }

        var (x0, x1, y0, y1) = (_scores[above - 1], _scores[above], probabilities[above - 1], probabilities[above]);
        return Math.Clamp(y0 + ((y1 - y0) * (score - x0) / (x1 - x0)), y0, y1);
    }
}
