using System.Runtime.CompilerServices;
using Microscale.Guard;
using Microsoft.Extensions.AI;

namespace ValidCode;

/// <summary>What a client, a judge or a middleware calls is looked at where it is used.</summary>
public sealed class RetryingClient(IChatClient inner, OpenAI.Chat.ChatClient? direct = null) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (HttpRequestException)
        {
            _ = direct is null ? null : await direct.CompleteChatAsync("again");
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }
}

public sealed class Judge(IChatClient client) : IClaimVerifier
{
    public string Name => "judge";

    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        await client.GetResponseAsync("Is this so?", cancellationToken: cancellationToken);
        return [];
    }
}

public static class Middleware
{
    public static ChatClientBuilder UseHouseRules(this ChatClientBuilder builder) => builder
        .Use(inner => new RetryingClient(inner))
        .Use(async (messages, options, next, token) => await next(messages, options, token))
        .Use((messages, options, innerClient, token) => innerClient.GetResponseAsync(messages, options, token), null);
}
