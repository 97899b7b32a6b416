using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace Microscale.Guard.OpenAI;

/// <summary>Puts the wish for log-probabilities into the options of the OpenAI SDK.</summary>
internal static class LogProbabilityRequest
{
    /// <summary>The raw options to send.</summary>
    /// <param name="callers">What the caller's own factory gave; null for nothing.</param>
    /// <param name="client">The innermost client, which tells the protocol.</param>
    /// <param name="alternatives">How many alternatives to ask for with each token.</param>
    /// <returns><paramref name="callers"/> with what it left unset, new options, or null where the client is none of the SDK's.</returns>
    public static object? Create(object? callers, IChatClient client, int alternatives) => callers switch
    {
        ChatCompletionOptions options => Complete(options, alternatives),
        CreateResponseOptions options => Complete(options, alternatives),
        not null => callers,
        null when client.GetService<ChatClient>() is not null => Complete(new ChatCompletionOptions(), alternatives),
        null when client.GetService<ResponsesClient>() is not null => Complete(new CreateResponseOptions(), alternatives),
        _ => null,
    };

    private static ChatCompletionOptions Complete(ChatCompletionOptions options, int alternatives)
    {
        options.IncludeLogProbabilities ??= true;
        if (options.IncludeLogProbabilities is true && alternatives > 0)
        {
            options.TopLogProbabilityCount ??= alternatives;
        }

        return options;
    }

    private static CreateResponseOptions Complete(CreateResponseOptions options, int alternatives)
    {
        if (!options.IncludedProperties.Contains(IncludedResponseProperty.MessageOutputTextLogProbabilities))
        {
            options.IncludedProperties.Add(IncludedResponseProperty.MessageOutputTextLogProbabilities);
        }

        if (alternatives > 0)
        {
            options.TopLogProbabilityCount ??= alternatives;
        }

        return options;
    }
}
