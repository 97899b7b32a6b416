using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microscale.Guard.Onnx.Tests.Encoders;

public sealed class CanonicalBasesTests
{
    /// <summary>The expected values were computed from another implementation of Unicode normalization (form D) over all code
    /// points, as lines of a code point and what is left of it.</summary>
    [Fact]
    public void Append_AllCodePoints_LeavesWhatTheUnicodeDatabaseSays()
    {
        var changed = Enumerable.Range(0, 0x110000)
            .Where(Rune.IsValid)
            .Select(value => new Rune(value))
            .Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            .Select(rune => (Rune: rune.ToString(), Bases: Decompose(rune)))
            .Where(pair => pair.Rune != pair.Bases)
            .Select(pair => pair.Rune + pair.Bases)
            .ToArray();

        Assert.Equal(13215, changed.Length);
        Assert.Equal(
            "62025196292ab26914ee0cb91fbedade6c8358281314951616ea4133fbe48a56",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', changed)))));
    }

    [Fact]
    public void Append_NonspacingMark_LeavesNothing() => Assert.Equal("", Decompose(new Rune(0x301)));

    private static string Decompose(Rune rune)
    {
        var left = new StringBuilder();
        CanonicalBases.Append(rune, left, static (text, r) => text.Append(r.ToString()));
        return left.ToString();
    }
}
