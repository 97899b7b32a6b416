namespace Microscale.Guard;

/// <summary>A passage, by its index, with a score.</summary>
internal readonly record struct SearchHit(int Passage, double Score);

/// <summary>Picks the best of many scores without sorting them all.</summary>
internal static class TopHits
{
    /// <summary>The highest scores above a limit, best first; ties go to the lower index.</summary>
    public static List<SearchHit> Of(ReadOnlySpan<float> scores, int limit, float above)
    {
        // The worst hit kept is at the head of the queue: lowest score, then highest index.
        var queue = new PriorityQueue<int, (float Score, int Index)>(
            Comparer<(float Score, int Index)>.Create(static (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : y.Index.CompareTo(x.Index)));
        var least = above;
        for (var i = 0; i < scores.Length; i++)
        {
            // Not the negation: a NaN is never a hit.
            if (scores[i] > least)
            {
                queue.Enqueue(i, (scores[i], i));
                if (queue.Count > limit)
                {
                    queue.Dequeue();
                    least = scores[queue.Peek()];
                }
            }
        }

        var hits = new List<SearchHit>(queue.Count);
        while (queue.TryDequeue(out var passage, out var priority))
        {
            hits.Add(new SearchHit(passage, priority.Score));
        }

        hits.Reverse();
        return hits;
    }
}
