using System.Numerics;

namespace Microscale.Guard.Grammar;

/// <summary>A set of byte values.</summary>
internal readonly record struct ByteSet(ulong A, ulong B, ulong C, ulong D)
{
    public static ByteSet Empty => default;

    public static ByteSet All { get; } = new(~0UL, ~0UL, ~0UL, ~0UL);

    public bool IsEmpty => (A | B | C | D) == 0;

    public bool IsAll => (A & B & C & D) == ~0UL;

    public int Count => BitOperations.PopCount(A) + BitOperations.PopCount(B) + BitOperations.PopCount(C) + BitOperations.PopCount(D);

    public static ByteSet operator |(ByteSet x, ByteSet y) => new(x.A | y.A, x.B | y.B, x.C | y.C, x.D | y.D);

    public static ByteSet operator &(ByteSet x, ByteSet y) => new(x.A & y.A, x.B & y.B, x.C & y.C, x.D & y.D);

    public static ByteSet operator ~(ByteSet x) => new(~x.A, ~x.B, ~x.C, ~x.D);

    public static ByteSet Of(byte value) => (value >> 6) switch
    {
        0 => new(1UL << value, 0, 0, 0),
        1 => new(0, 1UL << (value & 63), 0, 0),
        2 => new(0, 0, 1UL << (value & 63), 0),
        _ => new(0, 0, 0, 1UL << (value & 63)),
    };

    /// <summary>The bytes of some ASCII characters.</summary>
    public static ByteSet Of(ReadOnlySpan<char> ascii)
    {
        var set = Empty;
        foreach (var c in ascii)
        {
            set |= Of((byte)c);
        }

        return set;
    }

    public static ByteSet Range(byte first, byte last)
    {
        Span<ulong> words = stackalloc ulong[4];
        for (int b = first; b <= last; b++)
        {
            words[b >> 6] |= 1UL << (b & 63);
        }

        return new(words[0], words[1], words[2], words[3]);
    }

    public bool Contains(byte value)
    {
        var word = (value >> 6) switch { 0 => A, 1 => B, 2 => C, _ => D };
        return (word >> (value & 63) & 1) != 0;
    }

    public bool Intersects(ByteSet other) => !(this & other).IsEmpty;

    /// <summary>The smallest value of the set at or above a bound, or 256.</summary>
    public int Next(int from)
    {
        for (var word = from >> 6; word < 4; word++)
        {
            var bits = word switch { 0 => A, 1 => B, 2 => C, _ => D };
            if (word == from >> 6)
            {
                bits &= ~0UL << (from & 63);
            }

            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return 256;
    }
}
