using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Masks where free text may stand, which are put together from parts that are known beforehand, against each token tried by
/// itself, byte by byte.</summary>
public class TextMaskTests
{
    private const int End = 0;

    private static readonly string[] s_pieces = ["a", "b", "word", " ", "é", "\u4e16", "\"", "\\", "n", ",", ":", "{", "}", "[", "]", "1", ".", "\n", "\", \"", "\"}", "true", "x\": "];

    private static readonly TokenVocabulary s_vocabulary = CreateVocabulary();

    public static TheoryData<string> Schemas =>
    [
        """{"type":"string"}""",
        """{"type":"string","minLength":2,"maxLength":9}""",
        """{"type":"string","pattern":"^(word|a)+$"}""",
        """{"type":"string","not":{"enum":["a","word"]}}""",
        """{"type":["string","number","null"]}""",
        """{"type":"array","items":{"type":"string"}}""",
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"enum":["word","b"]}},"additionalProperties":{"type":"string"}}""",
        """{"anyOf":[{"type":"object","properties":{"a":{"type":"string","maxLength":5}},"required":["a"]},{"type":"array","items":{"type":["string","boolean"]}}]}""",
        "true",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void AllowedTokens_FreeText_AreThoseOfTokensTriedOneByOne(string schema) =>
        Check(JsonSchemaGrammar.Define(JsonElement.Parse(schema)));

    [Theory]
    [InlineData("[^]*")]
    [InlineData("[^\"]{3,20}\"(a|b)*")]
    [InlineData("(?!.*word)[^]*")]
    public void AllowedTokens_FreeTextOfARegex_AreThoseOfTokensTriedOneByOne(string pattern) => Check(GrammarDefinition.FromRegex(pattern));

    private static void Check(GrammarDefinition definition)
    {
        var grammar = CompiledGrammar.Compile(definition, s_vocabulary);
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var matcher = grammar.CreateMatcher();
            for (var length = 0; length < 12; length++)
            {
                var mask = matcher.AllowedTokens().ToArray();
                var allowed = Enumerable.Range(0, s_vocabulary.Count).Where(t => (mask[t / 32] >> t % 32 & 1) != 0).ToList();
                Assert.Equal(Enumerable.Range(0, s_vocabulary.Count).Where(matcher.IsAllowed), allowed);
                var texts = allowed.Where(t => t != End).ToList();
                if (texts.Count == 0)
                {
                    break;
                }

                Assert.True(matcher.TryAccept(texts[random.Next(texts.Count)]));
            }
        }
    }

    /// <summary>Tokens of one to three pieces, so that many go on beyond the end of a text; and all single bytes.</summary>
    private static TokenVocabulary CreateVocabulary()
    {
        var random = new Random(3);
        var joined = Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => s_pieces[random.Next(s_pieces.Length)])));
        byte[][] tokens = [[], .. Enumerable.Range(0, 256).Select(b => new[] { (byte)b }), .. joined.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        return new TokenVocabulary(tokens.Select(t => (ReadOnlyMemory<byte>)t), [End]);
    }
}
