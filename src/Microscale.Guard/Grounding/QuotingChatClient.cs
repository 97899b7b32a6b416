using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Answers with a sentence of the evidence, word for word: the one that holds most terms of the question. No model.</summary>
/// <remarks>
/// Made to escalate to (<c>EscalateTo(new QuotingChatClient())</c>): where the answer of a small model is withheld, the passage
/// itself may say it. The quotation is scored and verified like any answer; <see cref="Confidence.EvidenceFit"/> scores it by
/// the share of the question's terms that it holds. Where no sentence holds enough of them there is no answer. A sentence on the matter
/// of the question need not answer it: a question whose answer the passages do not hold is often quoted to. Safe for concurrent
/// callers.
/// </remarks>
public sealed class QuotingChatClient : IChatClient
{
    private const string Model = "quotation";

    private readonly double _minimumShare;

    /// <summary>Creates the client.</summary>
    /// <param name="minimumShare">The least share of the question's terms that a quoted sentence holds, above 0 and at most 1. It is
    /// not calibrated and no error rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public QuotingChatClient(double minimumShare = 0.5)
    {
        if (minimumShare is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minimumShare), minimumShare, $"{nameof(minimumShare)} must be above 0 and at most 1: it is a share of the question's terms.");
        }

        _minimumShare = minimumShare;
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Quote(Conversation.Materialize(messages))))
        {
            ModelId = Model,
            FinishReason = ChatFinishReason.Stop,
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("microscale.guard", null, Model)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }

    private string Quote(IReadOnlyList<ChatMessage> messages)
    {
        var question = SearchTerms.Of(Conversation.Question(messages)).ToHashSet(StringComparer.Ordinal);
        var (best, most) = ("", 0.0);
        foreach (var sentence in EvidenceSentence.All(messages.GetEvidence()).Where(s => s.AddsTo(question)))
        {
            // Of equal ones the first: passages come in the order of their relevance.
            if (sentence.Share(question) is var share && share > most && share >= _minimumShare)
            {
                (best, most) = (sentence.Text, share);
            }
        }

        return best;
    }
}
