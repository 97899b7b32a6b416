using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microscale.Guard;

/// <summary>Rows of numbers rounded to 8 bits, each row with a scale of its own: a quarter of the memory to read of a search
/// through all of them. Products are off by some thousandths, which is enough to pick candidates.</summary>
internal sealed class QuantizedRows
{
    private readonly sbyte[] _values;
    private readonly float[] _scales;
    private readonly int _dimensions;

    public QuantizedRows(ReadOnlySpan<float> rows, int dimensions)
    {
        _dimensions = dimensions;
        _values = new sbyte[rows.Length];
        _scales = new float[dimensions == 0 ? 0 : rows.Length / dimensions];
        for (var row = 0; row < _scales.Length; row++)
        {
            _scales[row] = Quantize(rows.Slice(row * dimensions, dimensions), _values.AsSpan(row * dimensions, dimensions));
        }
    }

    /// <summary>The approximate product of each row with a vector.</summary>
    /// <param name="vector">As many numbers as a row.</param>
    /// <param name="products">One for each row.</param>
    public void Multiply(ReadOnlySpan<float> vector, Span<float> products)
    {
        var quantized = new sbyte[_dimensions];
        var scale = Quantize(vector, quantized);
        for (var row = 0; row < products.Length; row++)
        {
            products[row] = Dot(_values.AsSpan(row * _dimensions, _dimensions), quantized) * _scales[row] * scale;
        }
    }

    /// <returns>What a unit of the rounded numbers stands for.</returns>
    private static float Quantize(ReadOnlySpan<float> from, Span<sbyte> to)
    {
        var most = from.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(from));
        if (most is 0 || !float.IsFinite(most))
        {
            to.Clear();
            return 0;
        }

        for (var i = 0; i < from.Length; i++)
        {
            to[i] = (sbyte)MathF.Round(from[i] / most * sbyte.MaxValue);
        }

        return most / sbyte.MaxValue;
    }

    private static int Dot(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        var sum = 0;
        var done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var total = Vector256<int>.Zero;
            var xs = MemoryMarshal.Cast<sbyte, Vector256<sbyte>>(x);
            var ys = MemoryMarshal.Cast<sbyte, Vector256<sbyte>>(y);
            for (var i = 0; i < xs.Length; i++)
            {
                // Two products of 7-bit magnitudes fit into 16 bits.
                var products = (Vector256.WidenLower(xs[i]) * Vector256.WidenLower(ys[i])) + (Vector256.WidenUpper(xs[i]) * Vector256.WidenUpper(ys[i]));
                total += Vector256.WidenLower(products) + Vector256.WidenUpper(products);
            }

            sum = Vector256.Sum(total);
            done = xs.Length * Vector256<sbyte>.Count;
        }

        for (; done < x.Length; done++)
        {
            sum += x[done] * y[done];
        }

        return sum;
    }
}
