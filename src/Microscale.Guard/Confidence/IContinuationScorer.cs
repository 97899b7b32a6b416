using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Says how probable given answers to a conversation are to a model, without generating any.</summary>
/// <remarks>A client offers it through <see cref="IChatClient.GetService"/>. Safe for concurrent callers.</remarks>
public interface IContinuationScorer
{
    /// <summary>Reads the log-probabilities of answers.</summary>
    /// <param name="messages">The conversation that the answers continue, not changed.</param>
    /// <param name="continuations">The answers, as text of the assistant's next turn; at least one, none of them empty.</param>
    /// <param name="options">As of a request; what concerns sampling has no effect, since probabilities are the model's own.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each answer, in order, its tokens with their log-probabilities. The end of the turn is not among them.</returns>
    Task<IReadOnlyList<IReadOnlyList<TokenLogProbability>>> ScoreContinuationsAsync(
        IEnumerable<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default);
}
