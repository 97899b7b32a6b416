using System.Runtime.InteropServices;

namespace Microscale.Guard.Onnx;

/// <summary>A matrix of 8-bit blocks in the order in which the kernels read it: 16 rows side by side, four columns of each at a
/// time, so that each 32-bit lane of a vector sums up a row of its own.</summary>
/// <remarks>A block of 16 rows is [8 × 4 columns, 16 rows, 4 columns] bytes; its scales and zero points are 16 each. Memory of the
/// caller; immutable once packed.</remarks>
internal sealed unsafe class PackedMatrix
{
    /// <summary>Columns that share a scale.</summary>
    public const int BlockLength = 32;

    /// <summary>Rows that are read side by side.</summary>
    public const int GroupRows = 16;

    private const int Lanes = 4;

    /// <param name="memory">At least <see cref="SizeOf"/> bytes, aligned to 64.</param>
    /// <param name="rows">A multiple of <see cref="GroupRows"/>.</param>
    /// <param name="columns">A multiple of <see cref="BlockLength"/>.</param>
    public PackedMatrix(byte* memory, int rows, int columns)
    {
        (Rows, Columns, Blocks) = (rows, columns, columns / BlockLength);
        Weights = memory;
        Scales = (float*)(memory + ((long)rows * columns));
        Zeros = (byte*)(Scales + ((long)rows * Blocks));
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Blocks of a row.</summary>
    public int Blocks { get; }

    public int Groups => Rows / GroupRows;

    public byte* Weights { get; }

    public float* Scales { get; }

    public byte* Zeros { get; }

    /// <summary>Bytes of a matrix, a multiple of 64.</summary>
    public static long SizeOf(int rows, int columns) =>
        (((long)rows * columns) + ((long)rows * columns / BlockLength * (sizeof(float) + 1)) + 63) / 64 * 64;

    /// <summary>Packs what is row by row.</summary>
    /// <param name="weights">All numbers.</param>
    /// <param name="scales">The scale of each block.</param>
    /// <param name="zeros">The number that stands for zero in each block; empty for 128 in all.</param>
    public void Pack(ReadOnlySpan<byte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<byte> zeros)
    {
        var quads = MemoryMarshal.Cast<byte, uint>(weights);
        var packed = (uint*)Weights;
        for (var row = 0; row < Rows; row++)
        {
            var source = quads.Slice(row * (Columns / Lanes), Columns / Lanes);
            var target = packed + ((long)(row / GroupRows) * GroupRows * (Columns / Lanes)) + (row % GroupRows);
            for (var i = 0; i < source.Length; i++)
            {
                target[i * GroupRows] = source[i];
            }

            for (var block = 0; block < Blocks; block++)
            {
                var at = ScaleIndex(row, block);
                Scales[at] = scales[(row * Blocks) + block];
                Zeros[at] = zeros.IsEmpty ? (byte)128 : zeros[(row * Blocks) + block];
            }
        }
    }

    /// <summary>The numbers of a row, each (number - zero point) · scale.</summary>
    public void ReadRow(int row, Span<float> values)
    {
        var group = Weights + ((long)(row / GroupRows) * GroupRows * Columns) + (row % GroupRows * Lanes);
        for (var column = 0; column < Columns; column++)
        {
            var at = ScaleIndex(row, column / BlockLength);
            values[column] = (group[(column / Lanes * GroupRows * Lanes) + (column % Lanes)] - Zeros[at]) * Scales[at];
        }
    }

    private long ScaleIndex(int row, int block) => ((long)(row / GroupRows) * GroupRows * Blocks) + (block * GroupRows) + (row % GroupRows);
}
