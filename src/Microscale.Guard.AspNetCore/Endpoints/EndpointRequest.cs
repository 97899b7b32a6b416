using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>What a caller asks for, whatever the protocol.</summary>
internal sealed record EndpointRequest(string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool Stream)
{
    /// <summary>Whether a stream ends with what it cost.</summary>
    public bool IncludeUsage { get; init; }
}
