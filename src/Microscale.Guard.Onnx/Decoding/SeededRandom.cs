using System.Security.Cryptography;

namespace Microscale.Guard.Onnx;

/// <summary>Random numbers that are the same for the same seed on every platform and in every version (SplitMix64: Steele, Lea
/// and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Not for security.</summary>
internal struct SeededRandom
{
    private ulong _state;

    /// <param name="seed">The start; null for a random one.</param>
    public SeededRandom(long? seed) =>
        _state = seed is { } s ? (ulong)s : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Another seed for each index, far from its neighbours.</summary>
    public static long Derive(long seed, int index)
    {
        var random = new SeededRandom(unchecked(seed + (index * (long)0x5851F42D4C957F2D)));
        return (long)random.NextBits();
    }

    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
