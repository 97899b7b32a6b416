using System.Numerics;

namespace Microscale.Guard.Grammar;

/// <summary>How far the digits of a decimal number without sign and exponent are from a multiple of
/// <see cref="Coefficient"/> / 10^<see cref="Exponent"/>.</summary>
/// <param name="Coefficient">The whole coefficient, at least 1.</param>
/// <param name="Exponent">How many decimal places the divisor has.</param>
/// <param name="Remainder">The digits read so far, modulo the coefficient.</param>
/// <param name="Places">How many digits were read after the point (beyond <see cref="Exponent"/> only zeros may follow); -1
/// before the point.</param>
internal readonly record struct MultipleOfState(long Coefficient, int Exponent, long Remainder, int Places)
{
    public static ByteSet Alphabet { get; } = ByteSet.Range((byte)'0', (byte)'9') | ByteSet.Of((byte)'.');

    /// <summary>Whether the number read so far is a multiple.</summary>
    public bool IsMultiple =>
        (Remainder * BigInteger.Pow(10, Exponent - Math.Max(Places, 0)) % Coefficient).IsZero;

    /// <summary>The state after a byte, or null when no multiple begins so.</summary>
    public MultipleOfState? Next(byte value)
    {
        if (value == '.')
        {
            return Places < 0 ? this with { Places = 0 } : null;
        }

        if (!char.IsAsciiDigit((char)value))
        {
            return null;
        }

        if (Places == Exponent)
        {
            return value == '0' ? this : null;
        }

        var remainder = (long)(((Int128)Remainder * 10 + (value - '0')) % Coefficient);
        return this with { Remainder = remainder, Places = Places < 0 ? Places : Places + 1 };
    }
}
