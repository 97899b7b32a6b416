using System.Text.Json.Serialization;

namespace Microscale.Guard;

/// <summary>The share of right answers in bins of equal mass (Zadrozny and Elkan 2001); bins that would reorder are
/// pooled.</summary>
[method: JsonConstructor]
internal sealed class HistogramCalibrator(IReadOnlyList<double> edges, IReadOnlyList<double> probabilities) : Calibrator
{
    private const int MaxBins = 10;
    private const int MinPerBin = 10;
    private readonly double[] _edges = [.. edges];

    /// <summary>The lowest score of each bin but the first.</summary>
    public IReadOnlyList<double> Edges => edges;

    /// <summary>One a bin.</summary>
    public IReadOnlyList<double> Probabilities => probabilities;

    public static HistogramCalibrator Fit(LabelledScore[] pairs)
    {
        var bins = ScoreBins.OfEqualMass(pairs.Select(p => p.Score), Math.Clamp(pairs.Length / MinPerBin, 1, MaxBins));
        var (right, all) = (new double[bins.Count], new double[bins.Count]);
        foreach (var pair in pairs)
        {
            var bin = bins.IndexOf(pair.Score);
            all[bin]++;
            right[bin] += pair.IsCorrect ? 1 : 0;
        }

        var (edges, values) = (new List<double>(), new List<double>());
        var next = 0;
        foreach (var (count, mean) in PoolAdjacentViolators.Pool(right.Zip(all)))
        {
            if (next > 0)
            {
                edges.Add(bins.Edges[next - 1]);
            }

            values.Add(mean);
            next += count;
        }

        return new(edges, values);
    }

    internal override string? Flaw() =>
        probabilities.Count == edges.Count + 1 && IsRising(edges) && IsRising(probabilities)
            ? null
            : "its bins do not rise from 0 to 1, or are not one more than their edges";

    private protected override double Map(double score) => probabilities[ScoreBins.IndexOf(_edges, score)];
}
