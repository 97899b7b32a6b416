namespace Microscale.Guard.Evaluation;

/// <summary>The rows of a data set that a run evaluates.</summary>
/// <remarks>Each row gets a number from the seed and its place, and the rows with the lowest numbers are taken: the same for the same
/// seed on every machine, a larger sample holds the smaller one, and memory is that of the sample.</remarks>
internal sealed class RowSample
{
    private readonly HashSet<long>? _rows;

    private RowSample(long count, HashSet<long>? rows) => (Count, _rows) = (count, rows);

    /// <summary>How many rows are taken.</summary>
    public long Count { get; }

    /// <summary>Takes rows.</summary>
    /// <param name="total">How many there are.</param>
    /// <param name="limit">How many are taken at most; null for all.</param>
    /// <param name="seed">Chooses them.</param>
    public static RowSample Of(long total, int? limit, long seed)
    {
        if (limit is not { } most || most >= total)
        {
            return new(total, null);
        }

        var lowest = new PriorityQueue<long, ulong>(most + 1, Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        for (long row = 0; row < total; row++)
        {
            lowest.Enqueue(row, Mix(seed, row));
            if (lowest.Count > most)
            {
                lowest.Dequeue();
            }
        }

        return new(most, [.. lowest.UnorderedItems.Select(i => i.Element)]);
    }

    /// <summary>Whether a row is taken.</summary>
    public bool Contains(long row) => _rows?.Contains(row) is not false;

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014) over seed and place.</summary>
    internal static ulong Mix(long seed, long row)
    {
        unchecked
        {
            var z = ((ulong)seed * 0x9E3779B97F4A7C15UL) + ((ulong)row * 0xD1342543DE82EF95UL) + 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
