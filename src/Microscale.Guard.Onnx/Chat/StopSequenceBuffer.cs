namespace Microscale.Guard.Onnx;

/// <summary>Finds stop sequences in text that comes in pieces, and holds back what may be the beginning of one.</summary>
/// <param name="stopSequences">The texts that end an answer; none is empty. They are compared unit by unit (ordinal).</param>
internal sealed class StopSequenceBuffer(IReadOnlyList<string> stopSequences)
{
    private string _held = "";

    /// <summary>Whether a stop sequence was found; what followed it is lost.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Adds a piece.</summary>
    /// <returns>The text that can be released now: all before the first stop sequence, or all that no sequence can begin in.</returns>
    public string Append(string piece)
    {
        if (stopSequences.Count == 0)
        {
            return piece;
        }

        var text = _held + piece;
        var first = text.Length;
        foreach (var stop in stopSequences)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && at < first)
            {
                first = at;
                Stopped = true;
            }
        }

        if (Stopped)
        {
            _held = "";
            return text[..first];
        }

        var kept = stopSequences.Max(stop => LongestBeginning(text, stop));
        _held = text[^kept..];
        return text[..^kept];
    }

    /// <summary>What is held back and can, at the end of the answer, be no stop sequence any more.</summary>
    public string Flush()
    {
        var text = _held;
        _held = "";
        return text;
    }

    /// <summary>The length of the longest end of the text that a stop sequence begins with.</summary>
    internal static int LongestBeginning(string text, string stop)
    {
        for (var length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
