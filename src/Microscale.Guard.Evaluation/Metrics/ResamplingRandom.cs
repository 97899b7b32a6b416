namespace Microscale.Guard.Evaluation;

/// <summary>Random numbers that are the same for the same seed on every platform and in every version (SplitMix64: Steele, Lea
/// and Flood 2014). For statistics, not for secrets.</summary>
internal struct ResamplingRandom(long seed, int stream)
{
    private ulong _state = Mix((ulong)seed) ^ Mix(~(ulong)stream);

    /// <summary>A whole number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>True or false, equally often.</summary>
    public bool Flip() => (Next() >> 63) == 0;

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
