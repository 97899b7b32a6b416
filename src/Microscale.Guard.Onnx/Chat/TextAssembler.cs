using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>A piece of an answer's text, and the log-probabilities of its tokens where they were asked for.</summary>
internal readonly record struct GeneratedText(string Text, IReadOnlyList<TokenLogProbability>? Tokens)
{
    public bool IsEmpty => Text.Length == 0 && Tokens is null;
}

/// <summary>Makes text from tokens: whole characters, nothing that may belong to a stop sequence, and each token's
/// log-probability with the piece that completes its text.</summary>
internal sealed class TextAssembler(IReadOnlyList<string> stopSequences)
{
    private readonly Utf8Decoder _decoder = new();
    private readonly StopSequenceBuffer _stops = new(stopSequences);
    private readonly StringBuilder _piece = new();
    private readonly Queue<(TokenLogProbability Token, int Start, int End)> _waiting = new();
    private int _decoded;
    private int _released;

    /// <summary>Whether a stop sequence was found.</summary>
    public bool Stopped => _stops.Stopped;

    /// <summary>Adds a token.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="logProbability">Its log-probability, or null when none was asked for.</param>
    /// <returns>What can be released now; may be empty.</returns>
    public GeneratedText Append(ReadOnlySpan<byte> bytes, TokenLogProbability? logProbability)
    {
        var start = _decoded;
        _piece.Clear();
        _decoder.Append(bytes, _piece);
        _decoded += _piece.Length;
        if (logProbability is not null)
        {
            _waiting.Enqueue((logProbability, start, _decoded + (_decoder.HasPartialCharacter ? 1 : 0)));
        }

        return Release(_stops.Append(_piece.ToString()));
    }

    /// <summary>Releases what is held back, once there are no more tokens. The beginning of a character that never came to its
    /// end is dropped.</summary>
    public GeneratedText Finish() => Stopped ? default : Release(_stops.Flush(), atEnd: true);

    private GeneratedText Release(string text, bool atEnd = false)
    {
        _released += text.Length;
        List<TokenLogProbability>? tokens = null;
        while (_waiting.TryPeek(out var next) && (next.End <= _released || ((Stopped || atEnd) && next.Start < _released)))
        {
            (tokens ??= []).Add(_waiting.Dequeue().Token);
        }

        return new GeneratedText(text, tokens);
    }
}
