using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>An answer that is handed out as a whole.</summary>
internal sealed class BufferedAnswer
{
    private readonly GenerationRequest _request;
    private readonly TextGeneration _generation;
    private readonly StringBuilder _text = new();
    private readonly List<TokenLogProbability> _tokens = [];
    private readonly List<FunctionCallContent> _calls = [];

    public BufferedAnswer(GenerationRequest request, TokenBytes bytes, IReadOnlyList<int> endTokens)
    {
        _request = request;
        _generation = new TextGeneration(bytes, endTokens, request, piece =>
        {
            _text.Append(piece.Text);
            _tokens.AddRange(piece.Tokens ?? []);
            _calls.AddRange(piece.Calls ?? []);
        });
    }

    /// <inheritdoc cref="GenerationRequest.CreateSequence"/>
    public GeneratedSequence CreateSequence(
        CancellationToken cancellationToken, bool keepsAnswer = true, IReadOnlyList<GeneratedSequence>? followers = null) =>
        _request.CreateSequence(_generation, cancellationToken, keepsAnswer, followers);

    /// <summary>The response, once the sequence is done.</summary>
    /// <param name="modelId">The name of the model.</param>
    /// <param name="createdAt">The time.</param>
    /// <param name="countsPrompt">Whether its usage holds the prompt; false where another response's does.</param>
    public ChatResponse ToResponse(string modelId, DateTimeOffset createdAt, bool countsPrompt = true)
    {
        var message = new ChatMessage(ChatRole.Assistant, new GeneratedText(_text.ToString(), null, _calls).ToContents()) { MessageId = ResponseIds.NewMessage(), CreatedAt = createdAt };
        var response = new ChatResponse(message)
        {
            ResponseId = ResponseIds.NewResponse(),
            ModelId = modelId,
            CreatedAt = createdAt,
            FinishReason = _generation.FinishReason,
            Usage = countsPrompt ? _generation.Usage : new() { OutputTokenCount = _generation.OutputTokens, TotalTokenCount = _generation.OutputTokens },
        };
        if (_generation.Form is { } form)
        {
            response.SetAnswerForm(form);
        }

        if (_request.TopLogProbabilities is not null)
        {
            response.SetLogProbabilities(_tokens);
        }

        return response;
    }
}
