using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microscale.Guard.Onnx;

/// <summary>The kernel for vectors of 512 bits, one of weights for 16 rows; bytes are multiplied as numbers of 16 bits, those of
/// even columns and those of odd ones, which takes fewer instructions than to keep products of bytes within 16 bits.</summary>
internal static unsafe class BlockKernel512
{
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
                MultiplyRow(matrix, group, activations, row).Store(target + (row * stride));
            }
        }
    }

    private static Vector512<float> MultiplyRow(PackedMatrix matrix, int group, QuantizedRows activations, int row)
    {
        var weights = matrix.Weights + ((long)group * matrix.Blocks * BlockBytes);
        var scales = matrix.Scales + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var zeros = matrix.Zeros + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var pairs = activations.Pairs + ((long)row * activations.Stride / 2);
        var rowScales = activations.Scales + (row * activations.BlockStride);
        var rowSums = activations.Sums + (row * activations.BlockStride);
        var total = Vector512<float>.Zero;
        for (var block = 0; block < matrix.Blocks; block++)
        {
            var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
            for (var quad = 0; quad < Quads; quad++)
            {
                Sse.Prefetch0(weights + (quad * QuadBytes) + BlockKernels.ReadAhead);
                var value = Vector512.Load(weights + (quad * QuadBytes)).AsInt16();
                even += Multiply(value & Vector512.Create((short)255), pairs[quad]);
                odd += Multiply(value >>> 8, pairs[Quads + quad]);
            }

            Sse.Prefetch0((byte*)scales + (BlockKernels.ReadAhead / 8));
            Sse.Prefetch0(zeros + (BlockKernels.ReadAhead / 32));
            total = AddBlock(total, even + odd, Zeros(zeros), Vector512.Load(scales), rowSums[block], rowScales[block]);
            weights += BlockBytes;
            scales += PackedMatrix.GroupRows;
            zeros += PackedMatrix.GroupRows;
            pairs += 2 * Quads;
        }

        return total;
    }

    /// <summary>Four rows, of which the last may be there for the sake of its place only.</summary>
    private static void MultiplyTile(PackedMatrix matrix, int group, QuantizedRows activations, int row, int rows, float* results, long stride)
    {
        var weights = matrix.Weights + ((long)group * matrix.Blocks * BlockBytes);
        var scales = matrix.Scales + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var zeros = matrix.Zeros + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var pairs = activations.Pairs + ((long)row * activations.Stride / 2);
        var (next, blocks) = (activations.Stride / 2, activations.BlockStride);
        var rowScales = activations.Scales + (row * blocks);
        var rowSums = activations.Sums + (row * blocks);
        Vector512<float> total0 = default, total1 = default, total2 = default, total3 = default;
        for (var block = 0; block < matrix.Blocks; block++)
        {
            Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (var quad = 0; quad < Quads; quad++)
            {
                var value = Vector512.Load(weights + (quad * QuadBytes)).AsInt16();
                var (even, odd) = (value & Vector512.Create((short)255), value >>> 8);
                var pair = pairs + quad;
                (a0, b0) = (a0 + Multiply(even, pair[0]), b0 + Multiply(odd, pair[Quads]));
                (a1, b1) = (a1 + Multiply(even, pair[next]), b1 + Multiply(odd, pair[next + Quads]));
                (a2, b2) = (a2 + Multiply(even, pair[2 * next]), b2 + Multiply(odd, pair[(2 * next) + Quads]));
                (a3, b3) = (a3 + Multiply(even, pair[3 * next]), b3 + Multiply(odd, pair[(3 * next) + Quads]));
            }

            var (zero, scale) = (Zeros(zeros), Vector512.Load(scales));
            total0 = AddBlock(total0, a0 + b0, zero, scale, rowSums[block], rowScales[block]);
            total1 = AddBlock(total1, a1 + b1, zero, scale, rowSums[blocks + block], rowScales[blocks + block]);
            total2 = AddBlock(total2, a2 + b2, zero, scale, rowSums[(2 * blocks) + block], rowScales[(2 * blocks) + block]);
            total3 = AddBlock(total3, a3 + b3, zero, scale, rowSums[(3 * blocks) + block], rowScales[(3 * blocks) + block]);
            weights += BlockBytes;
            scales += PackedMatrix.GroupRows;
            zeros += PackedMatrix.GroupRows;
            pairs += 2 * Quads;
        }

        total0.Store(results);
        total1.Store(results + stride);
        total2.Store(results + (2 * stride));
        if (rows == BlockKernels.TileRows)
        {
            total3.Store(results + (3 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Multiply(Vector512<short> weights, int pair) =>
        Avx512BW.MultiplyAddAdjacent(weights, Vector512.Create(pair).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Zeros(byte* zeros) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(zeros)));

    /// <summary>Adds (sum of products - zero point · sum of activations) · both scales; what is in parentheses is a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AddBlock(
        Vector512<float> total, Vector512<int> sums, Vector512<float> zeros, Vector512<float> scales, float activationSum, float activationScale)
    {
        var products = Avx512F.FusedMultiplyAddNegated(zeros, Vector512.Create(activationSum), Vector512.ConvertToSingle(sums));
        return Avx512F.FusedMultiplyAdd(products, scales * Vector512.Create(activationScale), total);
    }
}
