using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>A piece of an answer: its text, the log-probabilities of the text's tokens where they were asked for, and the calls of
/// tools that follow the text.</summary>
internal readonly record struct GeneratedText(string Text, IReadOnlyList<TokenLogProbability>? Tokens, IReadOnlyList<FunctionCallContent>? Calls = null)
{
    public bool IsEmpty => Text.Length == 0 && Tokens is null && Calls is null;

    /// <summary>The piece as contents of a message.</summary>
    public List<AIContent> ToContents() => [.. Text.Length > 0 ? [new TextContent(Text)] : Array.Empty<AIContent>(), .. Calls ?? []];
}

/// <summary>Makes text from tokens: whole characters, nothing that may belong to a stop sequence, and each token's
/// log-probability with the piece in which its text begins, so that the tokens so far always spell the text so far.</summary>
/// <param name="stopSequences">The texts that end an answer.</param>
/// <param name="calls">Tells calls of tools from text; null when there are no tools.</param>
internal sealed class TextAssembler(IReadOnlyList<string> stopSequences, ToolCallReader? calls = null)
{
    private readonly Utf8Decoder _decoder = new();
    private readonly StopSequenceBuffer _stops = new(stopSequences);
    private readonly StringBuilder _piece = new();
    private readonly Queue<(TokenLogProbability Token, int Start)> _waiting = new();
    private int _decoded;
    private int _released;

    /// <summary>Whether a stop sequence was found, or the only call that was wanted.</summary>
    public bool Stopped => _stops.Stopped || calls is { IsComplete: true };

    /// <summary>Whether the answer calls tools.</summary>
    public bool HasCalls => calls is { HasCalls: true };

    /// <summary>Adds a token.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="logProbability">Its log-probability, or null when none was asked for.</param>
    /// <returns>What can be released now; may be empty.</returns>
    public GeneratedText Append(ReadOnlySpan<byte> bytes, TokenLogProbability? logProbability)
    {
        if (logProbability is not null)
        {
            _waiting.Enqueue((logProbability, _decoded));
        }

        _piece.Clear();
        _decoder.Append(bytes, _piece);
        _decoded += _piece.Length;
        var text = _stops.Append(_piece.ToString());
        return Release(calls is null ? [new(text, null)] : calls.Append(text));
    }

    /// <summary>Releases what is held back, once there are no more tokens. The beginning of a character that never came to its
    /// end is dropped.</summary>
    /// <param name="isWhole">Whether the model came to its end by itself.</param>
    public GeneratedText Finish(bool isWhole = true)
    {
        var text = _stops.Stopped ? "" : _stops.Flush();
        return Release(calls is null ? [new(text, null)] : [.. calls.Append(text), .. calls.Finish(isWhole)]);
    }

    private GeneratedText Release(List<AnswerStretch> stretches)
    {
        var text = "";
        List<TokenLogProbability>? tokens = null;
        List<FunctionCallContent>? found = null;
        foreach (var stretch in stretches)
        {
            _released += stretch.Written.Length;
            text += stretch.IsText ? stretch.Written : "";
            while (_waiting.TryPeek(out var next) && next.Start < _released)
            {
                _waiting.Dequeue();
                if (stretch.IsText)
                {
                    (tokens ??= []).Add(next.Token);
                }
            }

            if (stretch.Calls is { Count: > 0 } read)
            {
                (found ??= []).AddRange(read);
            }
        }

        return new GeneratedText(text, tokens, found);
    }
}
