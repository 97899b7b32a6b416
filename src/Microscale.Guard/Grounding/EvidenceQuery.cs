using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What an <see cref="IEvidenceSource"/> is asked.</summary>
/// <param name="Text">The question in words.</param>
/// <param name="MaxResults">The most passages wanted; at least 1.</param>
public sealed record EvidenceQuery(string Text, int MaxResults)
{
    /// <summary>The conversation that the question stands in; empty when there is none.</summary>
    public IReadOnlyList<ChatMessage> Conversation { get; init; } = [];
}
