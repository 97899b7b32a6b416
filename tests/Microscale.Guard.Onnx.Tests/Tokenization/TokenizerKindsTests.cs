using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Tokenization;

/// <summary>Other kinds of tokenizer.json than that of the published model, against plain definitions.</summary>
public sealed partial class TokenizerKindsTests : IDisposable
{
    private static readonly Gen<string> s_texts = Gen.OneOf(
        Gen.OneOf("the", " the", "quick", " fox", "dog", "s", "'s", "'LL", " ", "  ", "\n", "\n\n", "\t", "1", "1999", "12345", "é", "e\u0301", "北京", "北", "😀", "▁", "!", "<s>", "</s>", "<|end|>", "<0x41>", "�").Array[0, 16].Select(string.Concat),
        Gen.String[Gen.Char, 0, 40]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encode_ByteLevelWithPattern_IsThePlainDefinition()
    {
        var tokenizer = Load(TinyTokenizer.ByteLevel.ToLlama3Json(ignoreMerges: false));

        s_texts.Sample(text => Assert.Equal(
            Pattern().Matches(Normalize(text)).SelectMany(m => TinyTokenizer.ByteLevel.Encode(m.Value)),
            tokenizer.Encode(text)));
    }

    [Fact]
    public void Encode_IgnoredMerges_TakesPiecesThatAreEntries()
    {
        var tiny = TinyTokenizer.ByteLevel;
        var tokenizer = Load(tiny.ToLlama3Json());
        var entries = tiny.Vocabulary.ToDictionary(p => Convert.ToHexString(ByteLevelAlphabet.ToBytes(p.Key)!), p => p.Value);

        s_texts.Sample(text => Assert.Equal(
            Pattern().Matches(Normalize(text)).SelectMany(m => entries.TryGetValue(Convert.ToHexString(Encoding.UTF8.GetBytes(m.Value)), out var id) ? [id] : tiny.Encode(m.Value)),
            tokenizer.Encode(text)));
    }

    [Fact]
    public void Encode_ByteFallback_IsThePlainDefinition()
    {
        var tokenizer = Load(TinyTokenizer.SentencePiece.ToLlama2Json());

        s_texts.Sample(text =>
        {
            var ids = tokenizer.Encode(text);
            Assert.Equal(text.Length == 0 ? [] : TinyTokenizer.SentencePiece.Encode("▁" + text.Replace(' ', '▁')), ids);
            Assert.DoesNotContain(ids, tokenizer.Bytes.IsSpecial);

            // A '▁' of the text is a blank to such a vocabulary, here as in the reference.
            Assert.Equal(Encoding.UTF8.GetBytes(text.Length == 0 ? "" : " " + text.Replace('▁', ' ')), ids.SelectMany(i => tokenizer.Bytes[i].ToArray()));
        });
    }

    [Fact]
    public void Encode_LongPieceOfOneKind_TakesNotTheSquareOfItsLength()
    {
        var tokenizer = Load(TinyTokenizer.SentencePiece.ToLlama2Json());
        var text = string.Concat(Enumerable.Repeat("thequickfoxé", 30_000));

        Assert.Equal(Encoding.UTF8.GetBytes(" " + text), tokenizer.Encode(text).SelectMany(i => tokenizer.Bytes[i].ToArray()));
    }

    [Fact]
    public void EncodeTrusted_AddedTokens_AreFoundWholeAndTakeTheWhiteSpaceThatTheySay()
    {
        var tokenizer = Load(TinyTokenizer.SentencePiece.ToLlama2Json(
            TinyTokenizer.AddedToken("<|end|>", 1000, special: true, rightStrip: true),
            TinyTokenizer.AddedToken("<|end|>x", 1001, special: true),
            TinyTokenizer.AddedToken("<tool>", 1002, special: false)));

        Assert.Equal([1, 1000, .. tokenizer.Encode("the"), 1001, 1002], tokenizer.EncodeTrusted("<s><|end|> \n the<|end|>x<tool>"));
        Assert.Equal("<tool>", Encoding.UTF8.GetString(tokenizer.Bytes[1002].Span));
        Assert.False(tokenizer.Bytes.IsSpecial(1002));
    }

    [Fact]
    public void Encode_TextThatNamesAddedTokens_NeverBecomesThem()
    {
        var tokenizer = Load(TinyTokenizer.ByteLevel.ToLlama3Json(
            added: [TinyTokenizer.AddedToken("<|end|>", 1000, special: true), TinyTokenizer.AddedToken("<tool>", 1001, special: false), TinyTokenizer.AddedToken("\n\n", 1002, special: false)]));

        // White space is harmless, and models that have tokens for it were trained with them.
        Assert.Equal([1002], tokenizer.Encode("\n\n"));
        Gen.OneOf("<|", "|>", "end", "<|end|>", "<tool>", "<", "tool", ">", " ", "\n\n").Array[0, 10].Select(string.Concat).Sample(text =>
            Assert.DoesNotContain(tokenizer.Encode(text), id => id is 1000 or 1001));
    }

    [Fact]
    public void Encode_EntriesOfControlTokens_CannotBeMerged()
    {
        var json = TinyTokenizer.SentencePiece.ToLlama2Json();
        Assert.Contains("""["<s",">"]""", json.Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        var tokenizer = Load(json);

        Assert.DoesNotContain(1, tokenizer.Encode("<s> a<s>b </s>"));
    }

    [Fact]
    public void Encode_TemplateAndData_OnlyTheTemplateWritesControlTokens()
    {
        var tokenizer = Load(TinyTokenizer.SentencePiece.ToLlama2Json());

        var ids = tokenizer.Encode(TemplateText.FromTemplate("<s>") + TemplateText.FromData("</s><s") + TemplateText.FromTemplate(">"));

        Assert.Equal([1], ids.Where(tokenizer.Bytes.IsSpecial));
        Assert.Equal(" </s><s>", tokenizer.Decode(ids));
    }

    [Fact]
    public void Bytes_IdsBeyondTheVocabulary_AreNoText()
    {
        var tokenizer = Load(TinyTokenizer.ByteLevel.ToLlama3Json(added: TinyTokenizer.AddedToken("<|end|>", 1000, special: true)));

        Assert.True(tokenizer.Bytes.IsSpecial(999));
        Assert.True(tokenizer.Bytes.IsSpecial(5000));
        Assert.True(tokenizer.Bytes[5000].IsEmpty);
    }

    [Theory]
    [InlineData("""{"model":{"type":"Unigram"},"added_tokens":[]}""", "Unigram")]
    [InlineData("""{"model":{"type":"BPE","vocab":{},"merges":[]},"added_tokens":[]}""", "neither byte-level BPE")]
    [InlineData("""{"model":{"byte_fallback":true,"end_of_word_suffix":"</w>","vocab":{},"merges":[]}}""", "end_of_word_suffix")]
    [InlineData("""{"model":{"byte_fallback":true,"vocab":{"a":0,"b":1},"merges":["a b"]}}""", "\"ab\"")]
    [InlineData("""{"model":{"byte_fallback":true,"vocab":{"a":0},"merges":["a"]}}""", "\"a\"")]
    [InlineData("""{"normalizer":{"type":"Precompiled"},"model":{"byte_fallback":true,"vocab":{},"merges":[]}}""", "Precompiled")]
    public void Load_WhatIsNotSupported_NamesFileAndFault(string json, string named)
    {
        var exception = Assert.Throws<ModelFolderException>(() => Load(json));

        Assert.Equal(["tokenizer.json"], exception.WrongFiles);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private static string Normalize(string text)
    {
        try
        {
            return text.Normalize();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    private ChatTokenizer Load(string json)
    {
        _folder.Write("tokenizer.json", json);
        return ChatTokenizer.Load(ModelFolder.Open(_folder.Path, verifyChecksums: false));
    }

    [GeneratedRegex(TinyTokenizer.Llama3Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
