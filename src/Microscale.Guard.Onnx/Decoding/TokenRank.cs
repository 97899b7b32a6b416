using System.Numerics.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>The best tokens of a row of logits, in an order without ties: higher value first, then lower id.</summary>
/// <remarks>A rank packs value and id into one number, smaller is better, so that sorting needs no comparer.</remarks>
internal static class TokenRank
{
    private const int BlockLength = 64;
    private const uint SignBit = 0x8000_0000;

    public static ulong Of(float value, int token)
    {
        // Flips the bits of a float so that unsigned integers order as the floats do, downwards.
        var bits = BitConverter.SingleToUInt32Bits(value);
        var ascending = (bits & SignBit) != 0 ? ~bits : bits | SignBit;
        return ((ulong)~ascending << 32) | (uint)token;
    }

    public static int Token(ulong rank) => (int)(uint)rank;

    public static float Value(ulong rank)
    {
        var ascending = ~(uint)(rank >> 32);
        return BitConverter.UInt32BitsToSingle((ascending & SignBit) != 0 ? ascending & ~SignBit : ~ascending);
    }

    /// <summary>Fills <paramref name="best"/> with the ranks of the largest values, best first.</summary>
    /// <param name="values">The value of each token; at least as many as <paramref name="best"/> has places.</param>
    /// <param name="best">Receives the ranks.</param>
    public static void SelectBest(ReadOnlySpan<float> values, Span<ulong> best)
    {
        // A heap with the worst kept rank on top; blocks that hold nothing better are skipped by their maximum.
        for (var i = 0; i < best.Length; i++)
        {
            best[i] = Of(values[i], i);
        }

        for (var i = (best.Length / 2) - 1; i >= 0; i--)
        {
            SiftDown(best, i);
        }

        for (var start = best.Length; start < values.Length && best.Length > 0; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            if (TensorPrimitives.Max(block) < Value(best[0]))
            {
                continue;
            }

            for (var i = 0; i < block.Length; i++)
            {
                var rank = Of(block[i], start + i);
                if (rank < best[0])
                {
                    best[0] = rank;
                    SiftDown(best, 0);
                }
            }
        }

        best.Sort();
    }

    /// <summary>Writes the ranks of all values that reach a threshold, unsorted.</summary>
    /// <returns>How many.</returns>
    public static int SelectAtLeast(ReadOnlySpan<float> values, float threshold, Span<ulong> ranks)
    {
        var count = 0;
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            if (TensorPrimitives.Max(block) < threshold)
            {
                continue;
            }

            for (var i = 0; i < block.Length; i++)
            {
                if (block[i] >= threshold)
                {
                    ranks[count++] = Of(block[i], start + i);
                }
            }
        }

        return count;
    }

    private static void SiftDown(Span<ulong> heap, int index)
    {
        while (true)
        {
            var largest = index;
            var left = (2 * index) + 1;
            if (left < heap.Length && heap[left] > heap[largest])
            {
                largest = left;
            }

            if (left + 1 < heap.Length && heap[left + 1] > heap[largest])
            {
                largest = left + 1;
            }

            if (largest == index)
            {
                return;
            }

            (heap[index], heap[largest]) = (heap[largest], heap[index]);
            index = largest;
        }
    }
}
