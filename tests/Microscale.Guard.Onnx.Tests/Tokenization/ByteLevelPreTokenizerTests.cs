using System.Text.RegularExpressions;
using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Tokenization;

public partial class ByteLevelPreTokenizerTests
{
    [Fact]
    public void PreTokenize_TextsOfTheBasicPlane_SplitsAsThePatternDoes() =>
        Gen.OneOf("a", "Z", "é", "北", "1", "²", "Ⅷ", " ", "  ", "\n", "\t", "\r\n", "\u00A0", "\u3000", "'", "'s", "'ll", "'RE", ".", "!?", "_", "\u0301", "\u200B")
            .Array[0, 14].Select(string.Concat).Sample(text =>
                Assert.Equal(ByPattern(text), new ByteLevelPreTokenizer().PreTokenize(text).Select(p => text.Substring(p.Offset, p.Length))));

    [Theory]
    [InlineData("𝔘𝔫𝔦 𝟙𝟚", "𝔘𝔫𝔦| |𝟙|𝟚")]
    [InlineData("a 😀😀b", "a| 😀😀|b")]
    public void PreTokenize_CharactersOutsideTheBasicPlane_BelongToTheirClass(string text, string expected) =>
        Assert.Equal(expected.Split('|'), new ByteLevelPreTokenizer().PreTokenize(text).Select(p => text.Substring(p.Offset, p.Length)));

    /// <summary>The definition: digits are cut out one by one, then the pattern of GPT-2 cuts what lies between.</summary>
    private static IEnumerable<string> ByPattern(string text) =>
        Digit().Split(text).Where(s => s.Length > 0)
            .SelectMany(s => Digit().IsMatch(s) ? [s] : Gpt2().Matches(s).Select(m => m.Value));

    [GeneratedRegex(@"(\p{N})")]
    private static partial Regex Digit();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2();
}
