using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

public sealed unsafe class BlockKernelTests
{
    private static readonly Gen<(int Groups, int Blocks, int Rows, int Seed)> Shapes = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 5], Gen.Int[1, 9], Gen.Int);

    [Fact]
    public void Multiply_AnyShape_IsTheSumOfDequantisedProducts() => Shapes.Sample(shape =>
    {
        using var matrix = new RandomMatrix(shape.Groups * PackedMatrix.GroupRows, shape.Blocks * PackedMatrix.BlockLength, shape.Seed);
        var activations = RandomActivations(matrix.Packed.Columns, shape.Rows, shape.Seed);
        foreach (var kernel in BlockKernels.Supported)
        {
            var results = Multiply(kernel, matrix.Packed, activations, shape.Rows);
            for (var row = 0; row < shape.Rows; row++)
            {
                for (var i = 0; i < matrix.Packed.Rows; i++)
                {
                    var (expected, size) = matrix.Product(i, activations, row);
                    Assert.Equal(expected, results[(row * matrix.Packed.Rows) + i], (1e-5 * size) + 1e-6);
                }
            }
        }
    });

    [Fact]
    public void Multiply_RowBesideOthers_GetsTheBitsThatItGetsAlone() => Shapes.Sample(shape =>
    {
        using var matrix = new RandomMatrix(shape.Groups * PackedMatrix.GroupRows, shape.Blocks * PackedMatrix.BlockLength, shape.Seed);
        var activations = RandomActivations(matrix.Packed.Columns, shape.Rows, shape.Seed);
        foreach (var kernel in BlockKernels.Supported)
        {
            var together = Multiply(kernel, matrix.Packed, activations, shape.Rows);
            for (var row = 0; row < shape.Rows; row++)
            {
                var alone = new QuantizedRows(BlockKernels.TileRows, matrix.Packed.Columns);
                alone.Quantize(0, RandomNumbers(matrix.Packed.Columns, shape.Seed + row));
                Assert.Equal(Multiply(kernel, matrix.Packed, alone, 1), together[(row * matrix.Packed.Rows)..((row + 1) * matrix.Packed.Rows)]);
            }
        }
    });

    [Fact]
    public void Multiply_LargestMagnitudes_DoNotOverflow()
    {
        var weights = new byte[PackedMatrix.GroupRows * PackedMatrix.BlockLength];
        weights.AsSpan(0, weights.Length / 2).Fill(255);
        using var matrix = new RandomMatrix(PackedMatrix.GroupRows, PackedMatrix.BlockLength, weights);
        var activations = new QuantizedRows(BlockKernels.TileRows, PackedMatrix.BlockLength);
        activations.Quantize(0, [.. Enumerable.Repeat(1f, PackedMatrix.BlockLength)]);
        activations.Quantize(1, [.. Enumerable.Repeat(-1f, PackedMatrix.BlockLength)]);
        foreach (var kernel in BlockKernels.Supported)
        {
            var results = Multiply(kernel, matrix.Packed, activations, 2);
            Assert.Equal((255 - 128) * 32f, results[0], 0.01);
            Assert.Equal(-128 * 32f, results[15], 0.01);
            Assert.Equal(-(255 - 128) * 32f, results[16], 0.01);
            Assert.Equal(128 * 32f, results[31], 0.01);
        }
    }

    [Fact]
    public void ReadRow_AnyRow_IsDequantised()
    {
        using var matrix = new RandomMatrix(48, 96, seed: 3);
        var row = new float[96];
        for (var i = 0; i < 48; i++)
        {
            matrix.Packed.ReadRow(i, row);
            Assert.Equal(matrix.Row(i), row);
        }
    }

    [Fact]
    public void Quantize_AnyNumbers_IsTheNearestOf255StepsOfEachBlock() => Gen.Select(Gen.Int[1, 6], Gen.Int, Gen.Float[-3, 3]).Sample((blocks, seed, exponent) =>
    {
        var numbers = RandomNumbers(blocks * 32, seed).Select(n => n * MathF.Pow(10, exponent)).ToArray();
        numbers.AsSpan(0, 32).Clear();
        var rows = new QuantizedRows(1, numbers.Length);
        rows.Quantize(0, numbers);
        for (var block = 0; block < blocks; block++)
        {
            var part = numbers[(block * 32)..((block + 1) * 32)];
            var scale = part.Max(MathF.Abs) / 127;
            Assert.Equal(scale, rows.Scales[block]);
            Assert.Equal(Enumerable.Range(block * 32, 32).Sum(i => (int)rows.Values[i]), rows.Sums[block]);
            Assert.All(part.Select((n, i) => (n, i)), p => Assert.Equal(p.n, rows.Values[(block * 32) + p.i] * scale, (scale * 0.5001f) + 1e-9f));
        }
    });

    private static float[] Multiply(BlockKernel kernel, PackedMatrix matrix, QuantizedRows activations, int rows)
    {
        // What lies behind the results must stay as it is.
        var results = new float[(rows * matrix.Rows) + matrix.Rows];
        results.AsSpan(rows * matrix.Rows).Fill(float.NaN);
        fixed (float* start = results)
        {
            kernel(matrix, 0, 1, activations, rows, start, matrix.Rows);
            kernel(matrix, 1, matrix.Groups - 1, activations, rows, start, matrix.Rows);
        }

        Assert.All(results[(rows * matrix.Rows)..], r => Assert.True(float.IsNaN(r)));
        return results[..(rows * matrix.Rows)];
    }

    private static QuantizedRows RandomActivations(int columns, int rows, int seed)
    {
        var activations = new QuantizedRows((rows + BlockKernels.TileRows - 1) / BlockKernels.TileRows * BlockKernels.TileRows, columns);
        for (var row = 0; row < rows; row++)
        {
            activations.Quantize(row, RandomNumbers(columns, seed + row));
        }

        return activations;
    }

    private static float[] RandomNumbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.NextDouble() * 2)))];
    }
}
