using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What became of the search for evidence: told to the inner boxes in the options of the request, because
/// evidence that is missing cannot travel in the messages.</summary>
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

    public static GroundingOutcome GetGroundingOutcome(this ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.GroundingOutcome, out var value) is true
            && Enum.TryParse<GroundingOutcome>(value?.ToString(), out var outcome)
            ? outcome
            : GroundingOutcome.NotGrounded;
}
