using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a caller can say to the guard with a single request.</summary>
public static class GuardChatOptionsExtensions
{
    /// <summary>Lets the answer to this request through unjudged. It is counted, and the report says so
    /// (<see cref="GuardReason.Bypassed"/> with the reason as explanation).</summary>
    /// <param name="options">The options of the request; they are changed and returned.</param>
    /// <param name="reason">Why, for those who read reports.</param>
    /// <exception cref="ArgumentException">The reason is blank.</exception>
    public static ChatOptions BypassGuard(this ChatOptions options, string reason)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        (options.AdditionalProperties ??= [])[GuardPropertyNames.BypassReason] = reason;
        return options;
    }

    internal static string? GetBypassReason(this ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.BypassReason, out var value) is true ? value?.ToString() : null;
}
