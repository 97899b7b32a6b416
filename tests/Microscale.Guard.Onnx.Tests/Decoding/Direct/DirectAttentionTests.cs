using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Decoding.Direct;

public sealed unsafe class DirectAttentionTests
{
    private const int Size = 64;

    [Fact]
    public void Attend_InParts_JoinsToPlainAttention() => Gen.Select(Gen.Int[1, 400], Gen.Int).Sample((count, seed) =>
    {
        var random = new Random(seed);
        var query = Numbers(Size);
        var (keys, values) = (Numbers(count * Size), Numbers(count * Size));
        var partCount = (count + DirectAttention.PartLength - 1) / DirectAttention.PartLength;
        var stride = Size + DirectAttention.PartExtras;
        var parts = new float[partCount * stride];
        var joined = new float[Size];
        fixed (float* keyStart = keys, valueStart = values, partStart = parts)
        {
            for (var part = 0; part < partCount; part++)
            {
                var first = part * DirectAttention.PartLength;
                DirectAttention.Attend(
                    query, keyStart + (first * Size), valueStart + (first * Size), Math.Min(DirectAttention.PartLength, count - first), parts.AsSpan(part * stride, stride));
            }

            DirectAttention.Join(partStart, stride, partCount, joined);
        }

        var scores = Enumerable.Range(0, count).Select(t => Enumerable.Range(0, Size).Sum(i => query[i] * (double)keys[(t * Size) + i])).ToList();
        var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToList();
        for (var i = 0; i < Size; i++)
        {
            Assert.Equal(weights.Select((w, t) => w * values[(t * Size) + i]).Sum() / weights.Sum(), joined[i], 1e-4);
        }

        float[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * 2))];
    });

    [Fact]
    public void Rotate_Pairs_AreTurnedByTheirAngles()
    {
        float[] head = [1, 0, 0, 2];
        var rotated = new float[4];

        DirectAttention.Rotate(head, [0.6f, 0], [0.8f, 1], rotated);

        Assert.Equal([0.6f, -2, 0.8f, 0], rotated);
    }
}
