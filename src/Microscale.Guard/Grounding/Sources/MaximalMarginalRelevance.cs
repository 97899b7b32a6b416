namespace Microscale.Guard;

/// <summary>Picks passages that are relevant and say different things (Carbonell and Goldstein, "The Use of MMR,
/// Diversity-Based Reranking for Reordering Documents and Producing Summaries", 1998): the next one is that with the highest
/// <c>(1 − diversity) · relevance − diversity · highest similarity to one that was picked</c>.</summary>
internal static class MaximalMarginalRelevance
{
    /// <summary>Picks passages.</summary>
    /// <param name="relevances">How relevant each candidate is, from 0 to 1, best first.</param>
    /// <param name="similarity">How alike two candidates are, from 0 to 1.</param>
    /// <param name="diversity">How much likeness counts, from 0 (not at all) to 1.</param>
    /// <param name="limit">The most picks.</param>
    /// <returns>The indexes of the candidates that were picked, in that order; ties go to the earlier candidate.</returns>
    public static List<int> Pick(IReadOnlyList<double> relevances, Func<int, int, double> similarity, double diversity, int limit)
    {
        var picked = new List<int>();
        var highest = new double[relevances.Count];
        var left = Enumerable.Range(0, relevances.Count).ToList();
        while (picked.Count < limit && left.Count > 0)
        {
            var best = left.MaxBy(i => ((1 - diversity) * relevances[i]) - (diversity * highest[i]));
            picked.Add(best);
            left.Remove(best);
            if (diversity > 0)
            {
                foreach (var i in left)
                {
                    highest[i] = Math.Max(highest[i], similarity(i, best));
                }
            }
        }

        return picked;
    }
}
