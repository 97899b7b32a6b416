using System.Runtime.InteropServices;

namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

/// <summary>A packed matrix beside the numbers that it was packed from.</summary>
internal sealed unsafe class RandomMatrix : IDisposable
{
    private readonly byte[] _weights;
    private readonly float[] _scales;
    private readonly byte[] _zeros;
    private readonly byte* _memory;

    public RandomMatrix(int rows, int columns, int seed)
        : this(rows, columns, Bytes(new Random(seed), rows * columns), seed)
    {
    }

    public RandomMatrix(int rows, int columns, byte[] weights)
        : this(rows, columns, weights, seed: null)
    {
    }

    private RandomMatrix(int rows, int columns, byte[] weights, int? seed)
    {
        var blocks = rows * columns / PackedMatrix.BlockLength;
        var random = new Random(seed ?? 0);
        _weights = weights;
        _scales = [.. Enumerable.Range(0, blocks).Select(_ => seed is null ? 1 : (float)random.NextDouble())];
        _zeros = seed is null || seed % 2 == 0 ? [] : Bytes(random, blocks);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)PackedMatrix.SizeOf(rows, columns), 64);
        Packed = new PackedMatrix(_memory, rows, columns);
        Packed.Pack(_weights, _scales, _zeros);
    }

    public PackedMatrix Packed { get; }

    public float[] Row(int row) => [.. Enumerable.Range(row * Packed.Columns, Packed.Columns).Select(i => (_weights[i] - Zero(i / 32)) * _scales[i / 32])];

    /// <summary>The product of a row with a row of activations, and the sum of magnitudes in it.</summary>
    public (double Sum, double Size) Product(int row, QuantizedRows activations, int activationRow)
    {
        var (sum, size) = (0.0, 0.0);
        for (var i = 0; i < Packed.Columns; i++)
        {
            var at = (row * Packed.Columns) + i;
            var activation = activations.Values[(activationRow * activations.Stride) + i] * (double)activations.Scales[(activationRow * activations.BlockStride) + (i / 32)];
            var product = (_weights[at] - Zero(at / 32)) * (double)_scales[at / 32] * activation;
            (sum, size) = (sum + product, size + Math.Abs(product));
        }

        return (sum, size);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private int Zero(int block) => _zeros.Length == 0 ? 128 : _zeros[block];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
