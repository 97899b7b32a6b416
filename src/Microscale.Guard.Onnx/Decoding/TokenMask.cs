namespace Microscale.Guard.Onnx;

/// <summary>A set of tokens as bits: token t is bit t mod 32 of number t / 32.</summary>
internal static class TokenMask
{
    private const int WordLength = 32;

    /// <summary>Copies the logits of the tokens in a set; those of others become minus infinity.</summary>
    public static void Apply(ReadOnlySpan<uint> mask, ReadOnlySpan<float> logits, Span<float> destination)
    {
        for (var start = 0; start < logits.Length; start += WordLength)
        {
            var source = logits.Slice(start, Math.Min(WordLength, logits.Length - start));
            var target = destination.Slice(start, source.Length);
            var bits = start / WordLength < mask.Length ? mask[start / WordLength] : 0;
            if (bits == uint.MaxValue)
            {
                source.CopyTo(target);
                continue;
            }

            target.Fill(float.NegativeInfinity);
            for (; bits != 0; bits &= bits - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (bit < source.Length)
                {
                    target[bit] = source[bit];
                }
            }
        }
    }
}
