using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Adds abstention to a pipeline of chat clients.</summary>
public static class AbstentionChatClientBuilderExtensions
{
    /// <summary>Adds an <see cref="AbstentionChatClient"/>: an answer is delivered only when the policy lets it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; <see cref="AbstentionOptions.Policy"/> at least.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseAbstention(this ChatClientBuilder builder, Action<AbstentionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new AbstentionOptions();
        configure(options);
        options.Validate();
        return builder.Use((inner, services) =>
            new AbstentionChatClient(inner, options.ObservedBy(services), (ILoggerFactory?)services.GetService(typeof(ILoggerFactory))));
    }
}
