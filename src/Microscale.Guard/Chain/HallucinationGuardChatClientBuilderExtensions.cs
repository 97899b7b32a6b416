using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Adds a hallucination guard to a pipeline of chat clients.</summary>
public static class HallucinationGuardChatClientBuilderExtensions
{
    /// <summary>Adds the parts of the guard in their order: grounding outermost, then abstention, verification and
    /// confidence. Parts that are not configured are left out; abstention is always there.</summary>
    /// <param name="builder">The builder. Put the guard outside of anything that changes the model's text, and inside of
    /// caches that may store the judged answer.</param>
    /// <param name="configure">Says what the guard is made of; at least something to decide by.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidOperationException">The parts do not make sense together; the message says what to
    /// change.</exception>
    public static ChatClientBuilder UseHallucinationGuard(this ChatClientBuilder builder, Action<HallucinationGuardBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var guard = new HallucinationGuardBuilder();
        configure(guard);
        guard.Validate();
        return builder.Use(guard.Build);
    }

    /// <summary>Adds the parts of the guard in their order, made of services: sources, scorers, verifiers, calibrations.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Says what the guard is made of, once for each client that is built: for a scoped client once a
    /// scope, with the services of that scope. Share what watches or caches (<see cref="AbstentionOptions.Drift"/>) as a
    /// singleton.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>What does not make sense together is found when the client is built;
    /// <see cref="GuardServiceCollectionExtensions.ValidateGuardsOnStart"/> builds it when the host starts.</remarks>
    public static ChatClientBuilder UseHallucinationGuard(
        this ChatClientBuilder builder, Action<IServiceProvider, HallucinationGuardBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Use((inner, services) =>
        {
            var guard = new HallucinationGuardBuilder();
            configure(services, guard);
            guard.Validate();
            return guard.Build(inner, services);
        });
    }
}
