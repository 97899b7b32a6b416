using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microscale.Guard.Onnx;

/// <summary>Rows of activations as 8-bit numbers, as MatMulNBits with accuracy level 4 makes them: a block of 32 is divided by its
/// largest magnitude over 127 and rounded to the nearest.</summary>
/// <remarks>Not safe for concurrent callers.</remarks>
internal sealed unsafe class QuantizedRows
{
    private const int BlockLength = PackedMatrix.BlockLength;

    private readonly sbyte[] _values;
    private readonly float[] _scales;
    private readonly float[] _sums;

    /// <param name="rows">The most rows.</param>
    /// <param name="columns">The most columns; a multiple of the block length.</param>
    public QuantizedRows(int rows, int columns)
    {
        (Stride, BlockStride) = (columns, columns / BlockLength);
        _values = GC.AllocateArray<sbyte>(rows * Stride, pinned: true);
        _scales = GC.AllocateArray<float>(rows * BlockStride, pinned: true);
        _sums = GC.AllocateArray<float>(rows * BlockStride, pinned: true);
        Values = (sbyte*)Unsafe.AsPointer(ref _values[0]);
        Scales = (float*)Unsafe.AsPointer(ref _scales[0]);
        Sums = (float*)Unsafe.AsPointer(ref _sums[0]);
    }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Blocks from one row to the next.</summary>
    public int BlockStride { get; }

    public sbyte* Values { get; }

    public float* Scales { get; }

    /// <summary>The sums of the numbers of the blocks.</summary>
    public float* Sums { get; }

    /// <summary>Fills a row.</summary>
    public void Quantize(int row, ReadOnlySpan<float> activations)
    {
        var scales = Scales + (row * BlockStride);
        var sums = Sums + (row * BlockStride);
        for (var block = 0; block < activations.Length / BlockLength; block++)
        {
            var numbers = activations.Slice(block * BlockLength, BlockLength);
            var largest = MathF.Abs(TensorPrimitives.MaxMagnitude(numbers));
            scales[block] = largest / 127;
            sums[block] = Round(numbers, largest == 0 ? 0 : 127 / largest, Values + ((long)row * Stride) + (block * BlockLength));
        }
    }

    private static int Round(ReadOnlySpan<float> numbers, float factor, sbyte* values)
    {
        var a = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers) * factor));
        var b = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[8..]) * factor));
        var c = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[16..]) * factor));
        var d = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[24..]) * factor));
        Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(values);
        return Vector256.Sum(a + b + c + d);
    }
}
