using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Adds grounding to a chat client.</summary>
public static class GroundingChatClientBuilderExtensions
{
    /// <summary>Grounds each request in the passages that a source finds for it. Put it outside of the parts that judge
    /// by the evidence (<c>UseAbstention</c>, <c>UseVerification</c>): added before them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="source">Finds the evidence.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static ChatClientBuilder UseGrounding(this ChatClientBuilder builder, IEvidenceSource source, Action<GroundingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        var options = new GroundingOptions();
        configure?.Invoke(options);
        var validated = options.CloneValidated();
        return builder.Use((inner, services) => new GroundingChatClient(
            inner, source, validated, (ILoggerFactory?)services.GetService(typeof(ILoggerFactory))));
    }
}
