using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Microscale.Guard.Onnx;

/// <summary>Attention of one token to those before it, in parts of the context that can be computed side by side and are joined
/// after (Dao et al., "Flash-Decoding for long-context inference", 2023).</summary>
internal static unsafe class DirectAttention
{
    /// <summary>Tokens of a part: its keys fit into the nearest cache, and threads share short contexts evenly.</summary>
    public const int PartLength = 64;

    /// <summary>Numbers of a part behind the weighted values: the highest score, and the sum of the weights.</summary>
    public const int PartExtras = 2;

    private const int Lanes = 8;

    /// <summary>Turns a head by its position: pairs are a number of the first half and one of the second.</summary>
    public static void Rotate(ReadOnlySpan<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, Span<float> rotated)
    {
        var half = cosines.Length;
        for (var i = 0; i < half; i++)
        {
            var (x, y) = (head[i], head[half + i]);
            rotated[i] = (x * cosines[i]) - (y * sines[i]);
            rotated[half + i] = (x * sines[i]) + (y * cosines[i]);
        }
    }

    /// <summary>Attends to some tokens.</summary>
    /// <param name="query">A head, multiplied with the scale of attention.</param>
    /// <param name="keys">The keys of the tokens.</param>
    /// <param name="values">Their values.</param>
    /// <param name="count">How many tokens.</param>
    /// <param name="result">Receives the weighted values, the highest score and the sum of the weights.</param>
    public static void Attend(ReadOnlySpan<float> query, float* keys, float* values, int count, Span<float> result)
    {
        var size = query.Length;
        Span<float> weights = stackalloc float[PartLength];
        weights = weights[..count];
        Score(query, keys, weights);
        var highest = TensorPrimitives.Max<float>(weights);
        TensorPrimitives.Subtract(weights, highest, weights);
        TensorPrimitives.Exp<float>(weights, weights);
        result[size] = highest;
        result[size + 1] = TensorPrimitives.Sum<float>(weights);
        // Four sums side by side, so that an addition need not wait for the one before it.
        var column = 0;
        for (; column + (4 * Lanes) <= size; column += 4 * Lanes)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            var value = values + column;
            for (var token = 0; token < count; token++)
            {
                var weight = Vector256.Create(weights[token]);
                a = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value), a);
                b = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + Lanes), b);
                c = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + (2 * Lanes)), c);
                d = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + (3 * Lanes)), d);
                value += size;
            }

            a.CopyTo(result[column..]);
            b.CopyTo(result[(column + Lanes)..]);
            c.CopyTo(result[(column + (2 * Lanes))..]);
            d.CopyTo(result[(column + (3 * Lanes))..]);
        }

        for (; column < size; column += Lanes)
        {
            var sum = Vector256<float>.Zero;
            for (var token = 0; token < count; token++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[token]), Vector256.Load(values + (token * size) + column), sum);
            }

            sum.CopyTo(result[column..]);
        }
    }

    /// <summary>Joins what was computed for parts of the context.</summary>
    /// <param name="parts">The results of the parts.</param>
    /// <param name="stride">Numbers from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="head">Receives the weighted values.</param>
    public static void Join(float* parts, int stride, int count, Span<float> head)
    {
        var size = head.Length;
        var highest = float.NegativeInfinity;
        for (var part = 0; part < count; part++)
        {
            highest = MathF.Max(highest, parts[(part * stride) + size]);
        }

        var sum = 0f;
        head.Clear();
        for (var part = 0; part < count; part++)
        {
            var result = parts + (part * stride);
            var weight = MathF.Exp(result[size] - highest);
            sum += weight * result[size + 1];
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(result, size), weight, head, head);
        }

        TensorPrimitives.Divide(head, sum, head);
    }

    private static void Score(ReadOnlySpan<float> query, float* keys, Span<float> scores)
    {
        var size = query.Length;
        fixed (float* head = query)
        {
            for (var token = 0; token < scores.Length; token++)
            {
                var (a, b) = (Vector256<float>.Zero, Vector256<float>.Zero);
                for (var i = 0; i < size; i += 2 * Lanes)
                {
                    a = Vector256.FusedMultiplyAdd(Vector256.Load(head + i), Vector256.Load(keys + i), a);
                    b = Vector256.FusedMultiplyAdd(Vector256.Load(head + i + Lanes), Vector256.Load(keys + i + Lanes), b);
                }

                scores[token] = Vector256.Sum(a + b);
                keys += size;
            }
        }
    }
}
