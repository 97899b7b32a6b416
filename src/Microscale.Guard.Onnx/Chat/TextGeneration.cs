using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>The text of one answer in the making, which buffered and streamed responses share.</summary>
/// <param name="bytes">The bytes of tokens.</param>
/// <param name="endTokens">The tokens that end an answer; control tokens do in any case.</param>
/// <param name="request">What was asked for.</param>
/// <param name="release">Receives text as soon as it is settled, on the engine's thread.</param>
internal sealed class TextGeneration(
    TokenBytes bytes, IReadOnlyList<int> endTokens, GenerationRequest request, Action<GeneratedText> release) : ITokenSink
{
    private readonly TextAssembler _text = new(request.StopSequences, request.Tools?.CreateReader());

    public int? TopLogProbabilities => request.TopLogProbabilities;

    /// <summary>Why the answer ended.</summary>
    public ChatFinishReason FinishReason { get; private set; } = ChatFinishReason.Length;

    /// <summary>The tokens of the answer so far, the end token not counted.</summary>
    public int OutputTokens { get; private set; }

    /// <summary>How the answer was held to its form, once it has ended; null when no form was asked for.</summary>
    public AnswerForm? Form =>
        request.IsTextFree && !_text.HasCalls ? null
        : FinishReason == ChatFinishReason.Length && request.Form is { } form ? form with { Error = "The answer was cut off before its end." }
        : request.Form;

    public UsageDetails Usage => new()
    {
        InputTokenCount = request.Prompt.Length,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = request.Prompt.Length + OutputTokens,
    };

    public bool Accept(int token, TokenLogProbability? logProbability)
    {
        if ((bytes.IsSpecial(token) && !request.CallMarks.Contains(token)) || endTokens.Contains(token))
        {
            End(complete: true);
            return false;
        }

        OutputTokens++;
        var text = bytes[token];
        if (OutputTokens == 1 && request.StripsFirstBlank && text.Span.StartsWith((byte)' '))
        {
            text = text[1..];
            logProbability = logProbability is null ? null : new(text, logProbability.LogProbability) { TopAlternatives = logProbability.TopAlternatives };
        }

        Release(_text.Append(text.Span, logProbability));
        if (_text.Stopped)
        {
            End(complete: true);
        }

        return !_text.Stopped;
    }

    public void End(bool complete)
    {
        var rest = _text.Finish(isWhole: complete);
        FinishReason = _text.HasCalls ? ChatFinishReason.ToolCalls : complete ? ChatFinishReason.Stop : ChatFinishReason.Length;
        Release(rest);
    }

    private void Release(GeneratedText piece)
    {
        if (!piece.IsEmpty)
        {
            release(piece);
        }
    }
}
