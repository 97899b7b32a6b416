using CsCheck;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Encoders;

/// <remarks>The namespace is not that of the folder: it would hide System.Text.Encoding from all other tests.</remarks>
public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Specials = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"];

    private static readonly Lazy<WordPieceTokenizer> Bert = new(() => WordPieceVocabulary.Load(
        TestModels.Embedding, Specials, "[UNK]"));

    /// <summary>Texts that tokenizers disagree on, with the ids of an implementation of the published steps in another language
    /// over the Unicode database (which also reproduces the golden files).</summary>
    public static TheoryData<string, int[]> Hostile => new()
    {
        { "[CLS] a [SEP] [MASK] [PAD] [UNK]", [1031, 18856, 2015, 1033, 1037, 1031, 19802, 1033, 1031, 7308, 1033, 1031, 11687, 1033, 1031, 4895, 2243, 1033] },
        { "</s> a <s> <pad> <mask>", [1026, 1013, 1055, 1028, 1037, 1026, 1055, 1028, 1026, 11687, 1028, 1026, 7308, 1028] },
        { "##ing ##s", [1001, 1001, 13749, 1001, 1001, 1055] },
        { "a\u0000b\u200Dc\u0007d\uFEFFe", [5925, 3207] },
        { "tab\tnew\nline\rx\u00A0y\u3000z\u2028w", [21628, 2047, 2240, 1060, 1061, 1062, 1059] },
        { "hello \U0001F914\U0001F431 world", [7592, 100, 2088] },
        { "\u5317\u4EAC\u662F\u4E2D\u56FD\u7684\u9996\u90FD", [1781, 1755, 100, 1746, 1799, 1916, 100, 1961] },
        { "\u6771\u4EAC\u306F\u65E5\u672C\u306E\u9996\u90FD\u3067\u3059", [1879, 1755, 1672, 1864, 1876, 1671, 100, 1961, 1665, 30184] },
        { "\uAC01 \uD55C\uAD6D\uC5B4", [1455, 30006, 30020, 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008] },
        { "e\u0301a\u0327 \u0301", [19413] },
        { "\u01D6 \u1EA4 \uFB01 \u00C5 \u03A9 \u0130stanbul", [1057, 1037, 1984, 1037, 1179, 9960] },
        { "\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2 \u0386\u0388", [1173, 18199, 29733, 29735, 29736, 15297, 1155, 29723] },
        { "\u00DF \u1E9E \u0133", [1096, 1096, 100] },
        { "\u2260 \u037E", [1027, 1025] },
        { "a\u2026b\u2014c\u2019d \u00ABe\u00BB \u00BFf?", [1037, 1529, 1038, 1517, 1039, 1521, 1040, 1077, 1041, 1090, 1094, 1042, 1029] },
        { "x\u00B2\u00BD\u2460\u2163", [100] },
        { "unaffable UNBELIEVABLENESS", [14477, 20961, 3468, 23653, 2791] },
        { "", [] },
        { " \u200B \u0300", [] },
        { new string('a', 100), [13360, .. Enumerable.Repeat(11057, 48), 2050] },
        { new string('a', 101) + " b", [100, 1038] },
        { "\uD7FF\uE000x", [100] },
        { "e=mc^2 `$5` ~a|b", [1041, 1027, 11338, 1034, 1016, 1036, 1002, 1019, 1036, 1066, 1037, 1064, 1038] },
        { "\u0928\u092E\u0938\u094D\u0924\u0947", [1327, 29867, 29874, 29859] },
        { "\u0995\u09CB", [1353, 29917, 29914] },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Encode_HostileText_GivesTheReferenceIds(string text, int[] expected) => Assert.Equal(expected, Encode(Bert.Value, text).Ids);

    [Fact]
    public void Encode_UnpairedSurrogates_AreIgnored() =>
        Assert.Equal(Encode(Bert.Value, "ab cd").Ids, Encode(Bert.Value, "a\uD83Db c\uDC31d\uD83D").Ids);

    [Fact]
    public void Encode_AnyText_HoldsNoSpecialTokenButUnknown()
    {
        var pieces = Gen.OneOf(Any<string>([.. Specials, "[", "]", "CLS", "#", "##", "\0", "\u0301", "\u200D"]), Gen.String);
        pieces.Array[0, 12].Select(string.Concat).Sample(text => !Encode(Bert.Value, text).Ids.Any(id => id is 0 or 101 or 102 or 103));
    }

    [Fact]
    public void Encode_WithLimit_GivesThePrefixAndSaysWhetherItIsAll()
    {
        Gen.Select(Any("the", "unbelievableness", "\u5317", "\u00E9", "?", " ", "zzqx").Array[0, 20].Select(a => string.Join(' ', a)), Gen.Int[0, 30])
            .Sample((text, limit) =>
            {
                var all = Encode(Bert.Value, text).Ids;
                var (ids, complete) = Encode(Bert.Value, text, limit);
                return ids.SequenceEqual(all.Take(limit)) && complete == (all.Count <= limit);
            });
    }

    [Fact]
    public void Encode_SmallVocabularies_MatchTheLongestPieceFirst()
    {
        var piece = Any('a', 'b', 'c').Array[1, 4].Select(c => new string(c));
        var vocabulary = Gen.Select(piece, Gen.Bool, (p, continues) => continues ? "##" + p : p).HashSet[1, 12];
        Gen.Select(vocabulary, Any('a', 'b', 'c', ' ').Array[0, 20].Select(c => new string(c))).Sample((pieces, text) =>
        {
            string[] all = ["?!", .. pieces];
            var ids = Encode(new WordPieceTokenizer(all, ["?!"], "?!"), text).Ids;
            return ids.SequenceEqual(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => Cut(word, all)));
        });

        static IEnumerable<int> Cut(string word, string[] vocabulary)
        {
            List<int> ids = [];
            for (int start = 0, length; start < word.Length; start += length)
            {
                for (length = word.Length - start; length > 0 && Id(start, length) < 0; length--)
                {
                }

                if (length == 0)
                {
                    return [0];
                }

                ids.Add(Id(start, length));
            }

            return ids;

            int Id(int start, int length) => Array.IndexOf(vocabulary, (start > 0 ? "##" : "") + word[start..(start + length)]);
        }
    }

    [Fact]
    public void Constructor_BadVocabulary_IsRefused()
    {
        Assert.Contains("</s>", Assert.Throws<InvalidDataException>(() => new WordPieceTokenizer(["<s>", "a"], ["<s>", "</s>"], "<s>")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new WordPieceTokenizer(["<s>", "a", "a"], ["<s>"], "<s>"));
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static (List<int> Ids, bool Complete) Encode(WordPieceTokenizer tokenizer, string text, int limit = int.MaxValue / 2)
    {
        List<int> ids = [];
        return (ids, tokenizer.Encode(text, ids, limit));
    }
}
