using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Tokenization;

public partial class TextSplittersTests
{
    private const string Gpt2 = """{"type":"ByteLevel","add_prefix_space":false}""";
    private const string SmolLm = """{"type":"Digits","individual_digits":true},""" + Gpt2;

    private static readonly Gen<string> s_texts =
        Gen.OneOf("a", "Z", "é", "北", "1", "²", "Ⅷ", " ", "  ", "\n", "\t", "\r\n", "\u00A0", "\u3000", "'", "'s", "'ll", "'RE", ".", "!?", "_", "\u0301", "\u200B")
            .Array[0, 14].Select(string.Concat);

    [Fact]
    public void Split_DigitsThenGpt2_SplitsAsThePatternsDo() => s_texts.Sample(text => Assert.Equal(
        Digit().Split(text).Where(s => s.Length > 0).SelectMany(s => Digit().IsMatch(s) ? [s] : Gpt2Pattern().Matches(s).Select(m => m.Value)),
        Split(SmolLm, text)));

    [Theory]
    [InlineData("𝔘𝔫𝔦 𝟙𝟚", "𝔘𝔫𝔦| |𝟙|𝟚")]
    [InlineData("a 😀😀b", "a| 😀😀|b")]
    [InlineData("𠀀北 x", "𠀀北| x")]
    public void Split_CharactersOutsideTheBasicPlane_BelongToTheirClass(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Split(SmolLm, text));

    [Theory]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "ab12c3", "ab|12|c|3")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Isolated"}""", "a-b--c", "a|-|b|-|-|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Removed"}""", "-a-b--c", "a|b|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithPrevious"}""", "a-b--c", "a-|b-|-|c")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithNext"}""", "a-b--c", "a|-b|-|-c")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[a-z]+"},"behavior":"Removed","invert":true}""", "ab, cd.", "ab|cd")]
    [InlineData("""{"type":"Whitespace"}""", "ab, c d!", "ab|,|c|d|!")]
    [InlineData("""{"type":"WhitespaceSplit"}""", "ab, c  d!", "ab,|c|d!")]
    [InlineData("""{"type":"Punctuation"}""", "ab,c!", "ab|,|c|!")]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true}""", "a b", " a| b")]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true,"use_regex":false}""", "a b", " a b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","add_prefix_space":true}""", "a b", "▁a|▁b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"}""", "a b", "a|▁b")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":false}""", "a b", "▁a▁b")]
    public void Split_Kinds_CutAsTheyAreDefined(string part, string text, string expected) => Assert.Equal(expected.Split('|'), Split(part, text));

    [Fact]
    public void Split_MetaspaceFirst_MarksOnlyTheBeginningOfTheWholeText()
    {
        var split = Read("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""");

        Assert.Equal(["▁a"], split("a", true));
        Assert.Equal(["a"], split("a", false));
    }

    [Theory]
    [InlineData("""{"type":"BertPreTokenizer"}""", "BertPreTokenizer")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Contiguous"}""", "Contiguous")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"a++"},"behavior":"Isolated"}""", "pattern")]
    public void Read_WhatIsNotSupported_IsNamed(string part, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => Read(part)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Split(string parts, string text) => Read(parts)(text, true);

    private static TextSplitter Read(string parts)
    {
        using var json = JsonDocument.Parse($$$"""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{{{parts}}}]}}""");
        return TextSplitters.Read(JsonParts.Of(json.RootElement, "pre_tokenizer", "pretokenizers"));
    }

    [GeneratedRegex(@"(\p{N})")]
    private static partial Regex Digit();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2Pattern();
}
