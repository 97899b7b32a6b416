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
    private readonly TextAssembler _text = new(request.StopSequences);

    public int? TopLogProbabilities => request.TopLogProbabilities;

    /// <summary>Why the answer ended.</summary>
    public ChatFinishReason FinishReason { get; private set; } = ChatFinishReason.Length;

    /// <summary>The tokens of the answer so far, the end token not counted.</summary>
    public int OutputTokens { get; private set; }

    public UsageDetails Usage => new()
    {
        InputTokenCount = request.Prompt.Length,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = request.Prompt.Length + OutputTokens,
    };

    public bool Accept(int token, TokenLogProbability? logProbability)
    {
        if (bytes.IsSpecial(token) || endTokens.Contains(token))
        {
            End(complete: true);
            return false;
        }

        OutputTokens++;
        Release(_text.Append(bytes[token].Span, logProbability));
        if (_text.Stopped)
        {
            End(complete: true);
        }

        return !_text.Stopped;
    }

    public void End(bool complete)
    {
        FinishReason = complete ? ChatFinishReason.Stop : ChatFinishReason.Length;
        Release(_text.Finish());
    }

    private void Release(GeneratedText piece)
    {
        if (!piece.IsEmpty)
        {
            release(piece);
        }
    }
}
