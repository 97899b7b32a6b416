using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>The tokens of a vocabulary that are plain text (see <see cref="TextCapacity.PlainText"/>) of at most some length, ready as
/// masks: where any text of that length may stand, only the other tokens need a look. The idea is that of llguidance's slicer.
/// Immutable.</summary>
internal sealed class TextSlices
{
    private static readonly int[] s_lengths = [4, 8, 16, 32];

    private readonly List<TextSlice> _slices = [];

    public TextSlices(TokenVocabulary vocabulary, List<int> sorted)
    {
        var lengths = sorted.ToDictionary(t => t, t => PlainTextLength(vocabulary[t].Span));
        var longest = lengths.Values.DefaultIfEmpty().Max();
        foreach (var length in s_lengths.Where(l => l < longest).Append(longest).Where(l => l > 0))
        {
            var inside = new uint[vocabulary.MaskLength];
            var outside = new List<int>();
            foreach (var token in sorted)
            {
                if (lengths[token] > 0 && lengths[token] <= length)
                {
                    vocabulary.Allow(inside, token);
                }
                else
                {
                    outside.Add(token);
                }
            }

            _slices.Add(new TextSlice(length, inside, TokenTrie.Build(vocabulary, outside)));
        }
    }

    /// <summary>The largest slice that fits where a number of characters may stand; null when none does.</summary>
    public TextSlice? For(int capacity) => _slices.FindLast(s => s.Length <= capacity);

    /// <summary>How many characters a token has, or 0 when it is not plain text in whole characters.</summary>
    private static int PlainTextLength(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var width) != System.Buffers.OperationStatus.Done || !TextCapacity.PlainText.Contains(rune.Value))
            {
                return 0;
            }

            count++;
            bytes = bytes[width..];
        }

        return count;
    }
}

/// <summary>One slice.</summary>
/// <param name="Length">The most characters that its tokens have.</param>
/// <param name="Tokens">Its tokens, as a mask.</param>
/// <param name="Others">All other tokens.</param>
internal sealed record TextSlice(int Length, uint[] Tokens, TokenTrie Others);
