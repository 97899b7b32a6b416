using System.Buffers;

namespace Microscale.Guard;

/// <summary>Cuts a text that arrives piece by piece into sentences, losing no character.</summary>
/// <remarks>
/// The boundaries depend only on the whole text, not on how it was cut into pieces. Sentences end at full stops, question
/// and exclamation marks (western and ideographic) that are not part of an abbreviation, an initial or a number, and at line
/// breaks (list items, headings, table rows) other than soft wraps. Closing quotes, brackets and citation markers after the
/// full stop belong to the sentence before; so does white space up to the last line break, while blanks within a line start
/// the next sentence (as they start its first token). A fenced block of code is one sentence of any length; any other that
/// exceeds the size limit is cut at white space. Not safe for concurrent use.
/// </remarks>
/// <param name="maxLength">The longest sentence, in UTF-16 units.</param>
internal sealed class SentenceSegmenter(int maxLength = SentenceSegmenter.DefaultMaxLength)
{
    /// <summary>The default of the longest sentence, in UTF-16 units.</summary>
    public const int DefaultMaxLength = 600;

    /// <summary>The least value of the longest sentence.</summary>
    public const int MinMaxLength = 16;

    private readonly ArrayBufferWriter<char> _text = new(256);
    private int _start;
    private int _flushed;
    private bool _complete;

    /// <summary>All text so far.</summary>
    public ReadOnlySpan<char> Text => _text.WrittenSpan;

    /// <summary>The end of the last complete sentence: an index in <see cref="Text"/>.</summary>
    public int End => _start;

    /// <summary>Whether no more text will come.</summary>
    public bool IsComplete => _complete;

    /// <summary>Cuts a whole text.</summary>
    /// <returns>The ends of its sentences, ascending; the last is the length of the text.</returns>
    public static List<int> Split(ReadOnlySpan<char> text, int maxLength = DefaultMaxLength)
    {
        var start = 0;
        return Take(text, ref start, 0, maxLength, complete: true) ?? [];
    }

    /// <summary>Adds text.</summary>
    /// <returns>The ends of the sentences that are now certainly complete, ascending: indices in all text so far.</returns>
    public IReadOnlyList<int> Append(ReadOnlySpan<char> text)
    {
        if (_complete)
        {
            throw new InvalidOperationException("The text is complete.");
        }

        if (text.IsEmpty)
        {
            return [];
        }

        _text.Write(text);
        return (IReadOnlyList<int>?)Take(Text, ref _start, _flushed, maxLength, complete: false) ?? [];
    }

    /// <summary>Ends the sentence at the end of what has come, because the text after it belongs to something else (another
    /// message).</summary>
    /// <returns>The ends of the sentences that were not certain before, ascending.</returns>
    public IReadOnlyList<int> Flush()
    {
        var ends = Take(Text, ref _start, _flushed, maxLength, complete: true);
        _flushed = _start;
        return (IReadOnlyList<int>?)ends ?? [];
    }

    /// <summary>Says that no more text will come.</summary>
    /// <returns>The ends of the sentences that were not certain before, ascending; empty when no text is left.</returns>
    public IReadOnlyList<int> Complete()
    {
        _complete = true;
        return Flush();
    }

    private static List<int>? Take(ReadOnlySpan<char> text, ref int start, int flushed, int maxLength, bool complete)
    {
        List<int>? ends = null;
        while (start < text.Length)
        {
            var atLineStart = start == flushed || text[start - 1] is '\n' or '\r';
            var length = SentenceBoundary.Find(text[start..], atLineStart, maxLength, complete);
            if (length == 0)
            {
                break;
            }

            start += length;
            (ends ??= []).Add(start);
        }

        return ends;
    }
}
