namespace Microscale.Guard;

/// <summary>A division of the scores into bins that hold about equally many of them. Equal scores share a bin.</summary>
internal sealed class ScoreBins
{
    private readonly double[] _edges;

    public ScoreBins(IEnumerable<double> edges) => _edges = [.. edges];

    /// <summary>The lowest score of each bin but the first, rising.</summary>
    public IReadOnlyList<double> Edges => _edges;

    public int Count => _edges.Length + 1;

    public static ScoreBins OfEqualMass(IEnumerable<double> scores, int count)
    {
        double[] sorted = [.. scores.Order()];
        var edges = new List<double>();
        for (var i = 1; i < count; i++)
        {
            var edge = sorted[i * sorted.Length / count];
            if (edge > (edges.Count > 0 ? edges[^1] : sorted[0]))
            {
                edges.Add(edge);
            }
        }

        return new(edges);
    }

    public int IndexOf(double score) => IndexOf(_edges, score);

    /// <summary>How many of the edges are at most the score.</summary>
    public static int IndexOf(double[] edges, double score)
    {
        var index = Array.BinarySearch(edges, score);
        return index >= 0 ? index + 1 : ~index;
    }
}
