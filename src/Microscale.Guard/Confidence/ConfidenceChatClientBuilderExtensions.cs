using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Adds confidence to a chat pipeline.</summary>
public static class ConfidenceChatClientBuilderExtensions
{
    /// <summary>Scores how sure each answer is and tells it in the response's <see cref="GuardReport"/>. Nothing is
    /// withheld: that is what abstention is for.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="scorer">Says how sure an answer is, such as <see cref="Confidence.TokenProbability"/>.</param>
    /// <param name="configure">Changes the settings; null for the defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <remarks>Place it inside of any cache and of any part that changes the text: log-probabilities do not survive a
    /// cache, and no longer belong to a text that was changed.</remarks>
    public static ChatClientBuilder UseConfidence(
        this ChatClientBuilder builder, IConfidenceScorer scorer, Action<ConfidenceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(scorer);
        var options = new ConfidenceOptions();
        configure?.Invoke(options);
        options = options.ValidatedFor(scorer);
        return builder.Use((inner, services) =>
            new ConfidenceChatClient(inner, scorer, options, services.GetService<ILoggerFactory>()));
    }
}
