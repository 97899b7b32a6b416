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
    private readonly int[] _pairs;
    private readonly float[] _scales;
    private readonly float[] _sums;

    /// <param name="rows">The most rows.</param>
    /// <param name="columns">The most columns; a multiple of the block length.</param>
    public QuantizedRows(int rows, int columns)
    {
        (Stride, BlockStride) = (columns, columns / BlockLength);
        _values = GC.AllocateArray<sbyte>(rows * Stride, pinned: true);
        _pairs = GC.AllocateArray<int>(rows * Stride / 2, pinned: true);
        _scales = GC.AllocateArray<float>(rows * BlockStride, pinned: true);
        _sums = GC.AllocateArray<float>(rows * BlockStride, pinned: true);
        Values = (sbyte*)Unsafe.AsPointer(ref _values[0]);
        Pairs = (int*)Unsafe.AsPointer(ref _pairs[0]);
        Scales = (float*)Unsafe.AsPointer(ref _scales[0]);
        Sums = (float*)Unsafe.AsPointer(ref _sums[0]);
    }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Blocks from one row to the next.</summary>
    public int BlockStride { get; }

    public sbyte* Values { get; }

    /// <summary>The numbers as pairs of 16 bits: of each block those of columns 0 and 2, 4 and 6 and so on, then those of the odd
    /// columns. Half as many from one row to the next as there are numbers.</summary>
    public int* Pairs { get; }

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
            var at = ((long)row * Stride) + (block * BlockLength);
            sums[block] = Round(numbers, largest == 0 ? 0 : 127 / largest, Values + at, Pairs + (at / 2));
        }
    }

    private static int Round(ReadOnlySpan<float> numbers, float factor, sbyte* values, int* pairs)
    {
        var a = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers) * factor));
        var b = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[8..]) * factor));
        var c = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[16..]) * factor));
        var d = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Create(numbers[24..]) * factor));
        var bytes = Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d));
        bytes.Store(values);
        ((bytes.AsInt16() << 8) >> 8).AsInt32().Store(pairs);
        (bytes.AsInt16() >> 8).AsInt32().Store(pairs + Vector256<int>.Count);
        return Vector256.Sum(a + b + c + d);
    }
}
