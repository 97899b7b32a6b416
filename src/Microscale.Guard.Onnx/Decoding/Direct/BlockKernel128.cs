using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Microscale.Guard.Onnx;

/// <summary>The kernel for vectors of 128 bits, as Arm processors and WebAssembly have them.</summary>
internal static unsafe class BlockKernel128
{
    private const int QuadBytes = PackedMatrix.GroupRows * 4;
    private const int Quads = PackedMatrix.BlockLength / 4;

    /// <inheritdoc cref="BlockKernel"/>
    public static void Multiply(
        PackedMatrix matrix, int firstGroup, int groups, QuantizedRows activations, int rows, float* results, long stride)
    {
        for (var group = firstGroup; group < firstGroup + groups; group++)
        {
            for (var row = 0; row < rows; row++)
            {
                MultiplyRow(matrix, group, activations, row, results + (row * stride) + ((long)group * PackedMatrix.GroupRows));
            }
        }
    }

    private static void MultiplyRow(PackedMatrix matrix, int group, QuantizedRows activations, int row, float* results)
    {
        var weights = matrix.Weights + ((long)group * matrix.Blocks * PackedMatrix.GroupRows * PackedMatrix.BlockLength);
        var scales = matrix.Scales + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var zeros = matrix.Zeros + ((long)group * matrix.Blocks * PackedMatrix.GroupRows);
        var values = (int*)(activations.Values + ((long)row * activations.Stride));
        var rowScales = activations.Scales + (row * activations.BlockStride);
        var rowSums = activations.Sums + (row * activations.BlockStride);
        Vector128<float> first = default, second = default, third = default, fourth = default;
        for (var block = 0; block < matrix.Blocks; block++)
        {
            Vector128<int> a = default, b = default, c = default, d = default;
            for (var quad = 0; quad < Quads; quad++)
            {
                var value = Vector128.Create(values[quad]).AsSByte();
                a = Add(a, Vector128.Load(weights), value);
                b = Add(b, Vector128.Load(weights + 16), value);
                c = Add(c, Vector128.Load(weights + 32), value);
                d = Add(d, Vector128.Load(weights + 48), value);
                weights += QuadBytes;
            }

            var zero = Vector128.Load(zeros);
            var (zeros0, zeros1) = Vector128.Widen(zero);
            var (zeros00, zeros01) = Vector128.Widen(zeros0);
            var (zeros10, zeros11) = Vector128.Widen(zeros1);
            var (sum, scale) = (Vector128.Create(rowSums[block]), Vector128.Create(rowScales[block]));
            first = AddBlock(first, a, zeros00, Vector128.Load(scales), sum, scale);
            second = AddBlock(second, b, zeros01, Vector128.Load(scales + 4), sum, scale);
            third = AddBlock(third, c, zeros10, Vector128.Load(scales + 8), sum, scale);
            fourth = AddBlock(fourth, d, zeros11, Vector128.Load(scales + 12), sum, scale);
            scales += PackedMatrix.GroupRows;
            zeros += PackedMatrix.GroupRows;
            values += Quads;
        }

        first.Store(results);
        second.Store(results + 4);
        third.Store(results + 8);
        fourth.Store(results + 12);
    }

    /// <summary>Adds the products of four weights, less 128, and four activations to each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Add(Vector128<int> sums, Vector128<byte> weights, Vector128<sbyte> activations)
    {
        var signed = (weights ^ Vector128.Create((byte)128)).AsSByte();
        if (Dp.IsSupported)
        {
            return Dp.DotProduct(sums, signed, activations);
        }

        var (weights0, weights1) = Vector128.Widen(signed);
        var (values0, values1) = Vector128.Widen(activations);
        var (a, b) = Vector128.Widen(weights0 * values0);
        var (c, d) = Vector128.Widen(weights1 * values1);
        return sums + Vector128.Create(Vector128.Sum(a), Vector128.Sum(b), Vector128.Sum(c), Vector128.Sum(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> AddBlock(
        Vector128<float> total, Vector128<int> sums, Vector128<uint> zeros, Vector128<float> scales, Vector128<float> activationSum, Vector128<float> activationScale)
    {
        var zero = Vector128.ConvertToSingle(zeros.AsInt32()) - Vector128.Create(128f);
        return total + ((Vector128.ConvertToSingle(sums) - (zero * activationSum)) * (scales * activationScale));
    }
}
