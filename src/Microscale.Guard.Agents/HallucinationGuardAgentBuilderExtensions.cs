using Microsoft.Agents.AI;

namespace Microscale.Guard.Agents;

/// <summary>Adds a hallucination guard to a pipeline of agents.</summary>
public static class HallucinationGuardAgentBuilderExtensions
{
    /// <summary>Guards the answers of an agent.</summary>
    /// <param name="builder">The builder. The agent must have a <see cref="ChatClientAgent"/> inside.</param>
    /// <param name="configure">Says what the guard is made of; at least something to decide by.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>The guard stands around the agent's chat client, outside of its tools: what tools return is evidence, and the session
    /// remembers what was delivered. <c>response.GetGuardReport()</c> gives the report.</remarks>
    /// <exception cref="InvalidOperationException">The parts do not make sense together; the message says what to
    /// change.</exception>
    public static AIAgentBuilder UseHallucinationGuard(this AIAgentBuilder builder, Action<HallucinationGuardBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var guard = new HallucinationGuardBuilder();
        configure(guard);
        guard.Validate();
        return builder.Use((agent, services) => new GuardedAgent(agent, client => guard.Build(client, services)));
    }

    /// <summary>Guards the answers of an agent by a guard that is made of services: sources, scorers, verifiers, calibrations.</summary>
    /// <param name="builder">The builder. The agent must have a <see cref="ChatClientAgent"/> inside.</param>
    /// <param name="configure">Says what the guard is made of, once for each agent that is built.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static AIAgentBuilder UseHallucinationGuard(this AIAgentBuilder builder, Action<IServiceProvider, HallucinationGuardBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Use((agent, services) =>
        {
            var guard = new HallucinationGuardBuilder();
            configure(services, guard);
            guard.Validate();
            return new GuardedAgent(agent, client => guard.Build(client, services));
        });
    }
}
