using System.Security.Cryptography;
using System.Text;

namespace Microscale.Guard.Evaluation;

/// <summary>Names a text without holding it.</summary>
internal static class TextHash
{
    /// <summary>16 hexadecimal digits of the text's SHA-256.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>The SHA-256 of a file.</summary>
    public static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
