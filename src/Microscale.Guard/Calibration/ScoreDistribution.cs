namespace Microscale.Guard;

/// <summary>How the scores of a calibration were distributed: what drift is measured against.</summary>
/// <param name="Edges">The lowest score of each bin but the first, rising.</param>
/// <param name="Shares">The share of the scores in each bin; one more than there are edges.</param>
public sealed record ScoreDistribution(IReadOnlyList<double> Edges, IReadOnlyList<double> Shares)
{
    private const int MaxBins = 10;

    internal static ScoreDistribution Of(LabelledScore[] pairs)
    {
        var bins = ScoreBins.OfEqualMass(pairs.Select(p => p.Score), MaxBins);
        var shares = new double[bins.Count];
        foreach (var pair in pairs)
        {
            shares[bins.IndexOf(pair.Score)] += 1.0 / pairs.Length;
        }

        return new(bins.Edges, shares);
    }

    /// <summary>What cannot be in a distribution; null when all is well.</summary>
    internal string? Flaw() =>
        Shares.Count == Edges.Count + 1
        && Edges.All(e => e is >= 0 and <= 1)
        && Edges.Zip(Edges.Skip(1)).All(p => p.First < p.Second)
        && Shares.All(s => s is >= 0 and <= 1.000001)
        && Math.Abs(Shares.Sum() - 1) < 1e-6
            ? null
            : "its score distribution has other shares than bins, or they do not sum to 1";
}
