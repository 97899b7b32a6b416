using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore;

/// <summary>How a guarded endpoint serves a client.</summary>
/// <remarks>Read when the endpoint is mapped.</remarks>
public sealed class GuardedEndpointOptions
{
    /// <summary>The client that is served; it must have a guard. It is not disposed.</summary>
    /// <value>The default value is <see langword="null"/>: the <see cref="IChatClient"/> among the services.</value>
    [Guarded]
    public IChatClient? Client { get; set; }

    /// <summary>The key of the <see cref="IChatClient"/> among the services, where <see cref="Client"/> is not set.</summary>
    /// <value>The default value is <see langword="null"/>: the one without a key.</value>
    public object? ServiceKey { get; set; }

    /// <summary>The name of the model that is served. A request for another one is refused as the protocol does it.</summary>
    /// <value>The default value is <see langword="null"/>: what the client calls its model, or <c>guarded</c>.</value>
    public string? ModelName { get; set; }

    /// <summary>Whether responses carry the guard's judgement in the extension field <c>microscale_guard</c>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool IncludeJudgement { get; set; } = true;

    /// <summary>Whether the judgement on a withheld answer names its claims and what was found on them. They are text that the guard
    /// did not let through, so set it only where callers may read that.</summary>
    /// <value>The default value is <see langword="false"/>: their verdicts only.</value>
    public bool IncludeWithheldClaims { get; set; }
}
