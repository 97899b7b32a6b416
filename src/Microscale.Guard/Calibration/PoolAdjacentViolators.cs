namespace Microscale.Guard;

/// <summary>The rising sequence nearest to another one in weighted squares: neighbours that fall are pooled until none does
/// (Ayer et al. 1955).</summary>
internal static class PoolAdjacentViolators
{
    /// <param name="steps">The sequence; each element with the sum of what it averages, and its weight above 0.</param>
    /// <returns>The blocks in order: how many elements each pools, and their mean.</returns>
    public static List<(int Count, double Mean)> Pool(IEnumerable<(double Sum, double Weight)> steps)
    {
        var blocks = new List<(int Count, double Sum, double Weight)>();
        foreach (var (sum, weight) in steps)
        {
            var block = (Count: 1, Sum: sum, Weight: weight);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Weight >= block.Sum / block.Weight)
            {
                block = (block.Count + blocks[^1].Count, block.Sum + blocks[^1].Sum, block.Weight + blocks[^1].Weight);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        return blocks.ConvertAll(b => (b.Count, b.Sum / b.Weight));
    }
}
