using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Draws several independent answers to one request for less than as many requests cost, as a local model can that
/// reads the prompt once.</summary>
/// <remarks>A client offers it through <see cref="IChatClient.GetService"/>; without it, samples are drawn by separate requests.
/// Safe for concurrent callers.</remarks>
public interface ISampleGenerator
{
    /// <summary>Draws answers.</summary>
    /// <param name="messages">The conversation, not changed.</param>
    /// <param name="count">How many answers; at least 1.</param>
    /// <param name="options">As of a single request. <see cref="ChatOptions.Seed"/> seeds all answers, which differ nevertheless.</param>
    /// <param name="cancellationToken">Stops all of them.</param>
    /// <returns>As many responses as were asked for. Their usage sums to what was spent: the prompt counts once.</returns>
    Task<IReadOnlyList<ChatResponse>> GenerateSamplesAsync(
        IEnumerable<ChatMessage> messages, int count, ChatOptions? options = null, CancellationToken cancellationToken = default);
}
