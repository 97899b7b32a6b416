using System.Globalization;

namespace Microscale.Guard.Onnx;

/// <summary>How vocabularies that come from SentencePiece write blanks and single bytes.</summary>
internal static class ByteFallback
{
    /// <summary>What stands for a blank.</summary>
    public const char Blank = '▁';

    /// <summary>The entry of a byte: <c>&lt;0x0A&gt;</c>.</summary>
    public static string Entry(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The byte of such an entry; null for any other.</summary>
    public static byte? ByteOf(string entry) =>
        entry.Length == 6 && entry.StartsWith("<0x", StringComparison.Ordinal) && entry[5] == '>'
            && byte.TryParse(entry.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
