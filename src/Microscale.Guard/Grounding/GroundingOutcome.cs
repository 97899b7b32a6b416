using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What became of the search for evidence. Evidence that was found is told to the inner boxes by the messages that it
/// stands in; what is missing cannot travel there, and is told in the options of the request.</summary>
internal enum GroundingOutcome
{
    /// <summary>Nobody searched.</summary>
    NotGrounded,

    /// <summary>Evidence was found.</summary>
    Found,

    /// <summary>Nothing relevant was found.</summary>
    Empty,

    /// <summary>The source failed.</summary>
    Failed,

    /// <summary>A field of the answer is to be chosen from the evidence, which offers nothing for it.</summary>
    NoChoice,
}

internal static class GroundingOutcomeExtensions
{
    public static void SetGroundingOutcome(this ChatOptions options, GroundingOutcome outcome) =>
        (options.AdditionalProperties ??= [])[GuardPropertyNames.GroundingOutcome] = outcome.ToString();

    public static GroundingOutcome GetGroundingOutcome(this ChatOptions? options, IReadOnlyList<ChatMessage> messages) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.GroundingOutcome, out var value) is true
            && Enum.TryParse<GroundingOutcome>(value?.ToString(), out var outcome) ? outcome
            : GroundedRequest.IsGrounded(messages) ? GroundingOutcome.Found
            : GroundingOutcome.NotGrounded;
}
