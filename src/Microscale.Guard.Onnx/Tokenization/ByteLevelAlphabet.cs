namespace Microscale.Guard.Onnx;

/// <summary>The printable characters by which vocabularies of byte-level BPE (GPT-2) write the 256 bytes.</summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] s_characters = Create();
    private static readonly Dictionary<char, byte> s_bytes = s_characters.Select((c, b) => (c, b)).ToDictionary(p => p.c, p => (byte)p.b);

    /// <summary>The character that stands for a byte.</summary>
    public static char ToChar(byte value) => s_characters[value];

    /// <summary>The bytes that a vocabulary entry stands for, or null when it has a character outside of the alphabet.</summary>
    public static byte[]? ToBytes(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (!s_bytes.TryGetValue(entry[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static char[] Create()
    {
        var alphabet = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            // Printable Latin-1 characters stand for themselves, the others for the next character from 256 on.
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[b] = (char)(printable ? b : next++);
        }

        return alphabet;
    }
}
