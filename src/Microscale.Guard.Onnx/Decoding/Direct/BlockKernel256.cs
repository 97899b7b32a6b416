using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microscale.Guard.Onnx;

/// <summary>Sums of products of four bytes in each 32-bit lane.</summary>
internal interface IByteDot
{
    /// <summary>What is subtracted from each weight before it is multiplied.</summary>
    static abstract float Offset { get; }

    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations);
}

/// <summary>One instruction (AVX-VNNI).</summary>
internal readonly struct VnniDot : IByteDot
{
    public static float Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations) =>
        AvxVnni.MultiplyWideningAndAdd(sums, weights, activations);
}

/// <summary>Products of pairs must not exceed 16 bits: 128 · 127 · 2, with magnitudes of weights around zero.</summary>
internal readonly struct Avx2Dot : IByteDot
{
    public static float Offset => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> activations)
    {
        var signed = (weights ^ Vector256.Create((byte)128)).AsSByte();
        var pairs = Avx2.MultiplyAddAdjacent(Avx2.Abs(signed), Avx2.Sign(activations, signed));
        return sums + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One);
    }
}

/// <summary>The kernel for vectors of 256 bits: two of weights give 16 rows, and each is read once for a tile of activations.</summary>
internal static unsafe class BlockKernel256<TDot>
    where TDot : struct, IByteDot
{
    private const int HalfGroup = 8;
    private const int Quads = PackedMatrix.BlockLength / 4;
    private const int QuadBytes = PackedMatrix.GroupRows * 4;
    private const int BlockBytes = PackedMatrix.GroupRows * PackedMatrix.BlockLength;

    /// <inheritdoc cref="BlockKernel"/>
    public static void Multiply(
        PackedMatrix matrix, int firstGroup, int groups, QuantizedRows activations, int rows, float* results, long stride)
    {
        for (var group = firstGroup; group < firstGroup + groups; group++)
        {
            var target = results + ((long)group * PackedMatrix.GroupRows);
            var row = 0;
            for (; rows - row >= BlockKernels.TileRows - 1; row += BlockKernels.TileRows)
            {
                MultiplyTile(matrix, group, activations, row, Math.Min(BlockKernels.TileRows, rows - row), target + (row * stride), stride);
            }

            for (; row < rows; row++)
            {
                MultiplyRow(matrix, group, activations, row, target + (row * stride));
            }
        }
    }

    private static void MultiplyRow(PackedMatrix matrix, int group, QuantizedRows activations, int row, float* results)
    {
        var weights = matrix.Weights + ((long)group * matrix.Blocks * BlockBytes);
        var scales = matrix.Scales + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var zeros = matrix.Zeros + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var values = (int*)(activations.Values + ((long)row * activations.Stride));
        var rowScales = activations.Scales + (row * activations.BlockStride);
        var rowSums = activations.Sums + (row * activations.BlockStride);
        var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var block = 0; block < matrix.Blocks; block++)
        {
            var (lowSums, highSums) = (Vector256<int>.Zero, Vector256<int>.Zero);
            for (var quad = 0; quad < Quads; quad++)
            {
                Sse.Prefetch0(weights + (quad * QuadBytes) + BlockKernels.ReadAhead);
                var value = Vector256.Create(values[quad]).AsSByte();
                lowSums = TDot.Add(lowSums, Vector256.Load(weights + (quad * QuadBytes)), value);
                highSums = TDot.Add(highSums, Vector256.Load(weights + (quad * QuadBytes) + (QuadBytes / 2)), value);
            }

            Sse.Prefetch0((byte*)scales + (BlockKernels.ReadAhead / 8));
            Sse.Prefetch0(zeros + (BlockKernels.ReadAhead / 32));
            low = AddBlock(low, lowSums, Zeros(zeros), Vector256.Load(scales), rowSums + block, rowScales + block);
            high = AddBlock(high, highSums, Zeros(zeros + HalfGroup), Vector256.Load(scales + HalfGroup), rowSums + block, rowScales + block);
            weights += BlockBytes;
            scales += PackedMatrix.GroupRows;
            zeros += PackedMatrix.GroupRows;
            values += Quads;
        }

        low.Store(results);
        high.Store(results + HalfGroup);
    }

    /// <summary>Four rows, of which the last may be there for the sake of its place only.</summary>
    private static void MultiplyTile(PackedMatrix matrix, int group, QuantizedRows activations, int row, int rows, float* results, long stride)
    {
        var weights = matrix.Weights + ((long)group * matrix.Blocks * BlockBytes);
        var scales = matrix.Scales + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var zeros = matrix.Zeros + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var values = (int*)(activations.Values + ((long)row * activations.Stride));
        var (next, blocks) = (activations.Stride / sizeof(int), activations.BlockStride);
        var rowScales = activations.Scales + (row * blocks);
        var rowSums = activations.Sums + (row * blocks);
        Vector256<float> low0 = default, low1 = default, low2 = default, low3 = default;
        Vector256<float> high0 = default, high1 = default, high2 = default, high3 = default;
        for (var block = 0; block < matrix.Blocks; block++)
        {
            Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (var quad = 0; quad < Quads; quad++)
            {
                var a = Vector256.Load(weights + (quad * QuadBytes));
                var b = Vector256.Load(weights + (quad * QuadBytes) + (QuadBytes / 2));
                var value = values + quad;
                var value0 = Vector256.Create(value[0]).AsSByte();
                (a0, b0) = (TDot.Add(a0, a, value0), TDot.Add(b0, b, value0));
                var value1 = Vector256.Create(value[next]).AsSByte();
                (a1, b1) = (TDot.Add(a1, a, value1), TDot.Add(b1, b, value1));
                var value2 = Vector256.Create(value[2 * next]).AsSByte();
                (a2, b2) = (TDot.Add(a2, a, value2), TDot.Add(b2, b, value2));
                var value3 = Vector256.Create(value[3 * next]).AsSByte();
                (a3, b3) = (TDot.Add(a3, a, value3), TDot.Add(b3, b, value3));
            }

            var (zero, scale) = (Zeros(zeros), Vector256.Load(scales));
            low0 = AddBlock(low0, a0, zero, scale, rowSums + block, rowScales + block);
            low1 = AddBlock(low1, a1, zero, scale, rowSums + blocks + block, rowScales + blocks + block);
            low2 = AddBlock(low2, a2, zero, scale, rowSums + (2 * blocks) + block, rowScales + (2 * blocks) + block);
            low3 = AddBlock(low3, a3, zero, scale, rowSums + (3 * blocks) + block, rowScales + (3 * blocks) + block);
            (zero, scale) = (Zeros(zeros + HalfGroup), Vector256.Load(scales + HalfGroup));
            high0 = AddBlock(high0, b0, zero, scale, rowSums + block, rowScales + block);
            high1 = AddBlock(high1, b1, zero, scale, rowSums + blocks + block, rowScales + blocks + block);
            high2 = AddBlock(high2, b2, zero, scale, rowSums + (2 * blocks) + block, rowScales + (2 * blocks) + block);
            high3 = AddBlock(high3, b3, zero, scale, rowSums + (3 * blocks) + block, rowScales + (3 * blocks) + block);
            weights += BlockBytes;
            scales += PackedMatrix.GroupRows;
            zeros += PackedMatrix.GroupRows;
            values += Quads;
        }

        Store(low0, high0, results);
        Store(low1, high1, results + stride);
        Store(low2, high2, results + (2 * stride));
        if (rows == BlockKernels.TileRows)
        {
            Store(low3, high3, results + (3 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Zeros(byte* zeros) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(zeros)) - Vector256.Create(TDot.Offset);

    /// <summary>Adds (sum of products - zero point · sum of activations) · both scales; what is in parentheses is a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AddBlock(
        Vector256<float> total, Vector256<int> sums, Vector256<float> zeros, Vector256<float> scales, float* activationSum, float* activationScale)
    {
        var products = Fma.MultiplyAddNegated(zeros, Vector256.Create(*activationSum), Vector256.ConvertToSingle(sums));
        return Fma.MultiplyAdd(products, scales * Vector256.Create(*activationScale), total);
    }

    private static void Store(Vector256<float> low, Vector256<float> high, float* results)
    {
        low.Store(results);
        high.Store(results + HalfGroup);
    }
}
