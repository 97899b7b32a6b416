namespace Microscale.Guard;

/// <summary>Blocks of code between lines of three or more backticks or tildes.</summary>
internal static class CodeFence
{
    /// <summary>Finds the end of a block that starts a text.</summary>
    /// <param name="text">Text that starts a line.</param>
    /// <param name="maxIndent">The most white space before the block.</param>
    /// <param name="complete">Whether no more text will come.</param>
    /// <param name="end">The index after the block's last line; 0 when it is not known yet.</param>
    /// <returns>Whether the text starts with a block, or could once more of it has come.</returns>
    public static bool FindEnd(ReadOnlySpan<char> text, int maxIndent, bool complete, out int end)
    {
        end = 0;
        var indent = text.Length - text.TrimStart().Length;
        var fence = FenceLength(text[indent..]);
        if (indent > maxIndent)
        {
            return false;
        }

        if (fence < 3)
        {
            // One or two backticks at the end of what has come may become three.
            return !complete && fence > 0 && indent + fence == text.Length;
        }

        var mark = text.Slice(indent, fence);
        var position = indent + fence;
        var firstLine = text[position..];
        firstLine = firstLine.IndexOf('\n') is var l and >= 0 ? firstLine[..l] : firstLine;
        if (firstLine.Contains('`'))
        {
            // Code within a line.
            return false;
        }

        while (text[position..].IndexOf('\n') is var line and >= 0)
        {
            position += line + 1;
            var rest = text[position..];
            var length = rest.IndexOf('\n');
            var content = (length < 0 ? rest : rest[..length]).Trim();
            if ((length >= 0 || complete) && content.StartsWith(mark) && FenceLength(content) == content.Length)
            {
                end = length < 0 ? text.Length : position + length + 1;
                break;
            }
        }

        if (end == 0)
        {
            end = complete ? text.Length : 0;
            return true;
        }

        // Blank lines after the block belong to it, as they do after a sentence.
        var next = end + (text[end..].Length - text[end..].TrimStart().Length);
        if (next == text.Length)
        {
            end = complete ? next : 0;
            return true;
        }

        end += text[end..next].LastIndexOfAny('\r', '\n') + 1;
        return true;
    }

    /// <summary>Whether a text is a block of code.</summary>
    public static bool Starts(ReadOnlySpan<char> text) => FenceLength(text.TrimStart()) >= 3;

    private static int FenceLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('`' or '~'))
        {
            return 0;
        }

        var length = text.IndexOfAnyExcept(text[0]);
        return length < 0 ? text.Length : length;
    }
}
