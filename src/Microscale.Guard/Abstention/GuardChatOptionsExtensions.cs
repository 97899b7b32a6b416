using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>What a caller can say to the guard with a single request.</summary>
public static class GuardChatOptionsExtensions
{
    /// <summary>Sets the guard otherwise for this request: threshold, policy, repairs, evidence, language. Called again, it adds
    /// to what was set before.</summary>
    /// <param name="options">The options of the request; they are changed and returned. What is set survives
    /// <see cref="ChatOptions.Clone"/> and reaches each box of the guard.</param>
    /// <param name="configure">Sets what is otherwise.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static ChatOptions WithGuard(this ChatOptions options, Action<GuardOverrides> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        var overrides = GuardOverrides.Read(options) ?? new();
        configure(overrides);
        overrides.Validate();
        overrides.Write(options);
        return options;
    }

    /// <summary>Lets the answer to this request through unjudged. It is logged with the reason and counted, and the report says
    /// so (<see cref="GuardReason.Bypassed"/> with the reason as explanation). A guard whose
    /// <see cref="AbstentionOptions.AllowBypass"/> is off goes on judging.</summary>
    /// <param name="options">The options of the request; they are changed and returned.</param>
    /// <param name="reason">Why, for those who read reports and logs: no content of users.</param>
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
