namespace Microscale.Guard.Grammar;

/// <summary>A list of numbers as a key.</summary>
internal readonly struct IntList : IEquatable<IntList>
{
    private readonly int[] _items;
    private readonly int _hash;

    public IntList(int[] items)
    {
        _items = items;
        var hash = unchecked((uint)items.Length * 0x9E3779B1);
        foreach (var item in items)
        {
            hash = unchecked((System.Numerics.BitOperations.RotateLeft(hash, 5) ^ (uint)item) * 0x9E3779B1);
        }

        _hash = (int)(hash ^ (hash >> 15));
    }

    public bool Equals(IntList other) => _hash == other._hash && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => obj is IntList other && Equals(other);

    public override int GetHashCode() => _hash;
}
