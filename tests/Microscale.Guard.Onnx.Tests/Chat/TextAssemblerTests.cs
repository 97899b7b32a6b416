using System.Text;
using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Chat;

public class TextAssemblerTests
{
    private static readonly Gen<string> s_text =
        Gen.OneOf("a", "b", "ab", "aab", "é", "北", "😀", "👩‍👩‍👧", "\n", " ").Array[0, 12].Select(string.Concat);

    [Fact]
    public void Append_BytesCutAnywhere_GivesWholeCharactersOnly() => Gen.Select(s_text, Gen.Int[1, 5].Array[60]).Sample((text, lengths) =>
    {
        var assembler = new TextAssembler([]);
        var pieces = Cut(text, lengths).Select(b => assembler.Append(b, null).Text).ToList();

        Assert.All(pieces, p => Assert.Equal(p, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(p))));
        Assert.DoesNotContain('\uFFFD', string.Concat(pieces));
        Assert.Equal(text, string.Concat(pieces) + assembler.Finish().Text);
    });

    [Fact]
    public void Append_AnyBytes_GiveTheTextThatUtf8Says() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 4].Array[40]).Sample((bytes, lengths) =>
    {
        var assembler = new TextAssembler([]);
        var text = string.Concat(Cut(bytes, lengths).Select(b => assembler.Append(b, null).Text)) + assembler.Finish().Text;

        // All but the beginning of a character that never came to its end.
        var expected = Encoding.UTF8.GetString(bytes);
        Assert.StartsWith(text, expected, StringComparison.Ordinal);
        Assert.True(expected.Length - text.Length <= 1);
    });

    [Fact]
    public void Append_StopSequences_EndTheTextBeforeTheFirst() =>
        Gen.Select(s_text, Gen.OneOf("a", "ab", "aab", "ba", "é ", "😀", "\n\n", "北a").Array[1, 3], Gen.Int[1, 5].Array[60]).Sample((text, stops, lengths) =>
        {
            var assembler = new TextAssembler(stops);
            var released = new StringBuilder();
            foreach (var bytes in Cut(text, lengths).TakeWhile(_ => !assembler.Stopped))
            {
                released.Append(assembler.Append(bytes, null).Text);
            }

            released.Append(assembler.Finish().Text);

            // The stop sequence that is complete first ends the text; of those complete with the same piece, the one that begins first.
            var ends = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).ToList();
            Assert.Equal(ends.Count > 0, assembler.Stopped);
            Assert.StartsWith(released.ToString(), text, StringComparison.Ordinal);
            Assert.All(stops, s => Assert.DoesNotContain(s, released.ToString(), StringComparison.Ordinal));
            Assert.Contains(released.Length, ends.Append(ends.Count == 0 ? text.Length : -1));
        });

    [Fact]
    public void Append_LogProbabilities_ComeWithThePieceThatCompletesTheirText() =>
        Gen.Select(s_text, Gen.OneOf("aab", "😀", "zz").Array[0, 2], Gen.Int[1, 5].Array[60]).Sample((text, stops, lengths) =>
        {
            var assembler = new TextAssembler(stops);
            var (released, spelled) = (new StringBuilder(), new List<byte>());
            foreach (var bytes in Cut(text, lengths).TakeWhile(_ => !assembler.Stopped))
            {
                Take(assembler.Append(bytes, new TokenLogProbability(bytes, -1)));
                Assert.StartsWith(Encoding.UTF8.GetString([.. spelled]), assembler.Stopped ? text : released.ToString(), StringComparison.Ordinal);
            }

            Take(assembler.Finish());
            Assert.StartsWith(released.ToString(), Encoding.UTF8.GetString([.. spelled]), StringComparison.Ordinal);

            void Take(GeneratedText piece)
            {
                released.Append(piece.Text);
                spelled.AddRange((piece.Tokens ?? []).SelectMany(t => t.Utf8Bytes.ToArray()));
            }
        });

    private static IEnumerable<byte[]> Cut(string text, int[] lengths) => Cut(Encoding.UTF8.GetBytes(text), lengths);

    private static IEnumerable<byte[]> Cut(byte[] bytes, int[] lengths)
    {
        for (var (i, start) = (0, 0); start < bytes.Length; start += lengths[i % lengths.Length], i++)
        {
            yield return bytes[start..Math.Min(bytes.Length, start + lengths[i % lengths.Length])];
        }
    }
}
