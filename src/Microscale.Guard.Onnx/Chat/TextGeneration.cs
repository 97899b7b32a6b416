using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>One answer in the making: the loop that buffered and streamed responses share.</summary>
internal sealed class TextGeneration(DecoderModel model, TokenGeneratorPool pool, TokenBytes bytes, GenerationRequest request, bool exactSteps)
{
    /// <summary>Why the answer ended; known after <see cref="Run"/>.</summary>
    public ChatFinishReason FinishReason { get; private set; } = ChatFinishReason.Length;

    /// <summary>The tokens of the answer so far, the end token not counted.</summary>
    public int OutputTokens { get; private set; }

    public UsageDetails Usage => new()
    {
        InputTokenCount = request.Prompt.Length,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = request.Prompt.Length + OutputTokens,
    };

    /// <summary>Makes the answer, on the thread that enumerates.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two tokens.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public IEnumerable<GeneratedText> Run(CancellationToken cancellationToken)
    {
        var generator = pool.Rent(request.Prompt.Length + 1);
        try
        {
            var text = new TextAssembler(request.StopSequences, request.ToolCalls);
            generator.Begin(request.Prompt, request.Sampling, exactSteps, cancellationToken);
            while (OutputTokens < request.MaxTokens && !text.Stopped)
            {
                cancellationToken.ThrowIfCancellationRequested();
                model.ThrowIfDisposed();
                var token = generator.Next();
                if ((bytes.IsSpecial(token) && !request.CallMarks.Contains(token)) || model.Config.EndTokens.Contains(token))
                {
                    FinishReason = ChatFinishReason.Stop;
                    break;
                }

                OutputTokens++;
                var logProbability = request.TopLogProbabilities is { } top ? generator.ReadLogProbability(top) : null;
                var piece = text.Append(bytes[token].Span, logProbability);
                if (!piece.IsEmpty)
                {
                    yield return piece;
                }
            }

            FinishReason = text.Stopped ? ChatFinishReason.Stop : FinishReason;
            var rest = text.Finish(isWhole: FinishReason == ChatFinishReason.Stop);
            FinishReason = text.HasCalls ? ChatFinishReason.ToolCalls : FinishReason;
            if (!rest.IsEmpty)
            {
                yield return rest;
            }
        }
        finally
        {
            pool.Return(generator);
        }
    }
}
