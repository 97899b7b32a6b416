namespace Microscale.Guard;

/// <summary>Merges rankings by rank alone, so that scores of different scales need not be compared (Cormack, Clarke and
/// Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank learning methods", 2009): an item's score is
/// the sum over the rankings that hold it of <c>weight / (60 + rank)</c>, the first rank being 1.</summary>
internal static class ReciprocalRankFusion
{
    private const int K = 60;

    /// <summary>Fuses rankings.</summary>
    /// <param name="rankings">The rankings, each best first, with their weights.</param>
    /// <param name="comparer">Says which items are the same.</param>
    /// <returns>All items, best first, with scores from 0 to 1 (1: the first of every ranking). Ties keep the order in
    /// which the items were first seen.</returns>
    public static List<(T Item, double Score)> Fuse<T>(IReadOnlyList<(IReadOnlyList<T> Items, double Weight)> rankings, IEqualityComparer<T>? comparer = null)
        where T : notnull
    {
        var most = rankings.Sum(r => r.Weight) / (K + 1);
        var order = new List<T>();
        var scores = new Dictionary<T, double>(comparer);
        foreach (var (items, weight) in rankings)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (!scores.TryGetValue(items[i], out var score))
                {
                    order.Add(items[i]);
                }

                scores[items[i]] = score + (weight / (K + i + 1));
            }
        }

        return [.. order.Select(item => (item, scores[item] / most)).OrderByDescending(e => e.Item2)];
    }
}
