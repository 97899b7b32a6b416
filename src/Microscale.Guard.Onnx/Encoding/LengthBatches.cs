namespace Microscale.Guard.Onnx;

/// <summary>Puts rows of like length together, so that little of a batch is padding.</summary>
internal static class LengthBatches
{
    /// <summary>Plans batches.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="batchSize">The most rows of a batch.</param>
    /// <returns>The indices of the rows of each batch, shortest rows first; each row is in one batch. No row is longer than
    /// one and a half times the shortest of its batch and 8 tokens.</returns>
    public static IEnumerable<ArraySegment<int>> Plan(IReadOnlyList<int[]> rows, int batchSize)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows[i].Length)];
        for (int start = 0, end; start < order.Length; start = end)
        {
            var longest = (rows[order[start]].Length * 3 / 2) + 8;
            for (end = start + 1; end < order.Length && end - start < batchSize && rows[order[end]].Length <= longest; end++)
            {
            }

            yield return new ArraySegment<int>(order, start, end - start);
        }
    }
}
