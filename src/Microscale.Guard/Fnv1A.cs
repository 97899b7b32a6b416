namespace Microscale.Guard;

/// <summary>A short hash that is equal in every process, for names and fences (not for security).</summary>
internal static class Fnv1A
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>The 32-bit FNV-1a hash of the UTF-16 units of a text, continued from <paramref name="seed"/>.</summary>
    public static uint Hash(ReadOnlySpan<char> text, uint seed = Offset)
    {
        var hash = seed;
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return hash;
    }
}
