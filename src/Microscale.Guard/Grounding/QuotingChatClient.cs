using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Answers with a sentence of the evidence, word for word: the one that holds most terms of the question, or that a scorer is
/// surest of. No chat model.</summary>
/// <remarks>
/// Made to escalate to (<c>EscalateTo(new QuotingChatClient())</c>): where the answer of a small model is withheld, the passage
/// itself may say it. The quotation is scored and verified like any answer; <see cref="Confidence.EvidenceFit"/> scores it by
/// the share of the question's terms that it holds. Where no sentence holds enough of them there is no answer. A sentence on the matter
/// of the question need not answer it: choose by <see cref="Confidence.Answerability"/> to tell. Safe for concurrent callers.
/// </remarks>
public sealed class QuotingChatClient : IChatClient
{
    private const string Model = "quotation";

    private readonly double _minimum;
    private readonly IConfidenceScorer? _scorer;
    private readonly int _candidates;

    /// <summary>Creates the client.</summary>
    /// <param name="minimum">The least share of the question's terms that a quoted sentence holds, or its least score where there is a
    /// scorer; above 0 and at most 1. It is not calibrated and no error rate.</param>
    /// <param name="scorer">Scores sentences as answers, such as <see cref="Confidence.Answerability"/>: one that needs neither
    /// log-probabilities nor the model that is guarded. Null to choose by the terms of the question.</param>
    /// <param name="candidates">How many sentences are scored at most, those first that hold most of the question's terms; from 1 to
    /// 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">The scorer needs what a sentence does not have.</exception>
    public QuotingChatClient(double minimum = 0.5, IConfidenceScorer? scorer = null, int candidates = 8)
    {
        if (minimum is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, $"{nameof(minimum)} must be above 0 and at most 1: it is a share of the question's terms, or a score.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, 100);
        if ((scorer?.Needs & (ScorerNeeds.LogProbabilities | ScorerNeeds.Samples | ScorerNeeds.ModelCalls)) is not (null or ScorerNeeds.None))
        {
            throw new ArgumentException(
                $"The scorer {scorer!.Name} needs {scorer.Needs}, and a quoted sentence comes from no model: use one that goes by texts, such as Confidence.Answerability.", nameof(scorer));
        }

        (_minimum, _scorer, _candidates) = (minimum, scorer, candidates);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, await QuoteAsync(Conversation.Materialize(messages), cancellationToken)))
        {
            ModelId = Model,
            FinishReason = ChatFinishReason.Stop,
        };
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

    private async ValueTask<string> QuoteAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var question = SearchTerms.Of(Conversation.Question(messages)).ToHashSet(StringComparer.Ordinal);

        // Of equal ones the first: passages come in the order of their relevance.
        var sentences = EvidenceSentence.All(messages.GetEvidence()).Where(s => s.AddsTo(question)).OrderByDescending(s => s.Share(question));
        if (_scorer is null)
        {
            return sentences.FirstOrDefault() is { } first && first.Share(question) >= _minimum ? first.Text : "";
        }

        var candidates = sentences.Select(s => s.Text).Distinct(StringComparer.Ordinal).Take(_candidates).ToList();
        var scores = await PartScores.ScoreAsync(
            _scorer, candidates.Select(c => new ConfidenceContext(messages, c, null, NoSamples)), cancellationToken);
        var best = scores.Index().MaxBy(s => s.Item.Value ?? 0);
        return candidates.Count > 0 && best.Item.Value >= _minimum ? candidates[best.Index] : "";
    }

    private static Task<IReadOnlyList<ChatResponse>> NoSamples(int count, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A quotation has no samples.");
}
