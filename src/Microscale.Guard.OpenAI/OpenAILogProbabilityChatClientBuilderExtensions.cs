using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenAI;

/// <summary>Adds log-probabilities of the OpenAI SDK to a chat pipeline.</summary>
public static class OpenAILogProbabilityChatClientBuilderExtensions
{
    /// <summary>Asks for the log-probabilities that scorers want, and reads them from what the OpenAI SDK brings.</summary>
    /// <param name="builder">The pipeline. Add this last, so that it is innermost: inside of the guard, of caches and of function
    /// invocation.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>With a client that is not of the OpenAI SDK it does nothing.</remarks>
    public static ChatClientBuilder UseOpenAILogProbabilities(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new OpenAILogProbabilityChatClient(inner));
    }
}
