using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>A stretch of what a model wrote: text of the answer, or calls, whose text is no part of the answer.</summary>
/// <param name="Written">What the model wrote.</param>
/// <param name="Calls">The calls that it stands for (none where it is lost); null for text.</param>
internal readonly record struct AnswerStretch(string Written, IReadOnlyList<FunctionCallContent>? Calls)
{
    public bool IsText => Calls is null;
}

/// <summary>Tells calls of tools from text in an answer that comes in pieces. What may be the beginning of a call is held back until
/// it is known; white space around calls belongs to them.</summary>
/// <remarks>What looks like a call and cannot be read is text, as a whole. A call that is cut off, because the answer became too
/// long, is neither. Not safe for concurrent callers.</remarks>
/// <param name="format">How the model writes calls.</param>
/// <param name="names">The tools that it may call.</param>
internal sealed class ToolCallReader(ToolCallFormat format, IReadOnlySet<string> names)
{
    private string _held = "";
    private string _opening = "";
    private bool _isCall;
    private bool _isBare;
    private bool _wroteText;

    /// <summary>Whether a call was read.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>Tells a call that no mark begins from other JSON; null to go by its names.</summary>
    public Func<string, bool>? IsBareCall { get; init; }

    /// <summary>Whether only the first call is wanted.</summary>
    public bool SingleCall { get; init; }

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsComplete => SingleCall && HasCalls;

    /// <summary>Adds a piece.</summary>
    /// <returns>What is known now. All together it is what was added, in order, less what is still held back.</returns>
    public List<AnswerStretch> Append(string piece)
    {
        _held += piece;
        var known = new List<AnswerStretch>();
        while (!IsComplete && (_isCall ? TakeCall(known) : TakeText(known)))
        {
        }

        if (IsComplete && _held.Length > 0)
        {
            known.Add(new(_held, []));
            _held = "";
        }

        return known;
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="isWhole">Whether the model came to its end by itself.</param>
    public List<AnswerStretch> Finish(bool isWhole)
    {
        var known = new List<AnswerStretch>();
        var rest = _held;
        _held = "";
        if (_isCall)
        {
            EndCall(rest, rest, known, isWhole);
        }
        else if (rest.Length > 0)
        {
            var belongsToCalls = HasCalls && string.IsNullOrWhiteSpace(rest);
            known.Add(new(rest, belongsToCalls ? [] : null));
        }

        return known;
    }

    /// <summary>Releases text up to a call; whether one begins.</summary>
    private bool TakeText(List<AnswerStretch> known)
    {
        if (format.MayBeBare && !_wroteText && !HasCalls && _held.AsSpan().TrimStart() is var start && (start.IsEmpty || start[0] is '{' or '['))
        {
            _isCall = _isBare = !start.IsEmpty;
            return _isCall;
        }

        var mark = format.Start is null ? -1 : _held.IndexOf(format.Start, StringComparison.Ordinal);
        var end = mark >= 0 ? mark : _held.Length - (format.Start is null ? 0 : StopSequenceBuffer.LongestBeginning(_held, format.Start));
        var text = _held.AsSpan(0, end).TrimEnd();
        if (text.Length > 0)
        {
            Release(text.Length, known);
        }

        if (mark < 0)
        {
            return false;
        }

        var opened = _held.IndexOf(format.Start!, StringComparison.Ordinal) + format.Start!.Length;
        (_opening, _held) = (_held[..opened], _held[opened..]);
        (_isCall, _isBare) = (true, false);
        return true;
    }

    /// <summary>Reads a call whose end is there; whether it is.</summary>
    private bool TakeCall(List<AnswerStretch> known)
    {
        if (_isBare && IsOtherJson())
        {
            _isCall = _isBare = false;
            Release(_held.Length, known);
            return false;
        }

        var end = _isBare || format.End is null ? -1 : ToolCallParser.IndexOutsideOfStrings(_held, format.End);
        if (end < 0)
        {
            return false;
        }

        var written = _held[..(end + format.End!.Length)];
        _held = _held[written.Length..];
        EndCall(written[..end], written, known, isWhole: true);
        return true;
    }

    private void EndCall(string text, string written, List<AnswerStretch> known, bool isWhole)
    {
        _isCall = false;
        var calls = _isBare && IsBareCall?.Invoke(text) is false ? null : ToolCallParser.Parse(text, _isBare ? names : null);
        written = _opening + written;
        _opening = "";
        if (calls is not null)
        {
            HasCalls = true;
            known.Add(new(written, SingleCall ? [calls[0]] : calls));
        }
        else if (written.Length > 0)
        {
            // Without its end it is the beginning of a call; a whole one that cannot be read is what the model said.
            _wroteText |= isWhole;
            known.Add(new(written, isWhole ? null : []));
        }
    }

    /// <summary>Whether JSON without a mark is known to be no call, because its first name is none of a call.</summary>
    private bool IsOtherJson()
    {
        var json = _held.AsSpan().TrimStart().TrimStart('[').TrimStart();
        if (json.IsEmpty || (json[0] == '{' && (json = json[1..].TrimStart()).IsEmpty))
        {
            return false;
        }

        if (json[0] != '"')
        {
            return true;
        }

        var end = json[1..].IndexOf('"');
        return end >= 0 && json.Slice(1, end) is not ("name" or "type" or "function" or "parameters" or "arguments");
    }

    private void Release(int length, List<AnswerStretch> known)
    {
        known.Add(new(_held[..length], null));
        _held = _held[length..];
        _wroteText = true;
    }
}
