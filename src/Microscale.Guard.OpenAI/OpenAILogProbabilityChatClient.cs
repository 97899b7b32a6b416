using System.ClientModel;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.OpenAI;

/// <summary>Asks a model behind the OpenAI SDK for the log-probabilities that a scorer wants, and reads them.</summary>
/// <remarks>
/// <para>Works with the clients of the OpenAI SDK for Chat Completions and for Responses, and so with every server that speaks one of
/// these protocols; with any other inner client it does nothing. It belongs innermost, directly around the SDK's client.</para>
/// <para>It asks where the request does (<see cref="LogProbabilityExtensions.RequestLogProbabilities"/>, as the guard's scorers have it),
/// through <see cref="ChatOptions.RawRepresentationFactory"/>. A factory of the caller's own is called first, and only what it left
/// unset is set: a caller who turned log-probabilities off gets none. What a response brings is read in any case.</para>
/// <para>A server or model that refuses log-probabilities (status 400 or 422, naming them) is asked again without, and, when that
/// helped, not asked for them any more; one that does not know the field answers without them. The score is then not available, and
/// says so.</para>
/// <para>Safe for concurrent use where the inner client is.</para>
/// </remarks>
public sealed class OpenAILogProbabilityChatClient : DelegatingChatClient
{
    private readonly ConcurrentDictionary<string, bool> _refusing = new(StringComparer.Ordinal);

    /// <summary>Wraps a client.</summary>
    /// <param name="innerClient">A client of the OpenAI SDK; disposed with this client.</param>
    public OpenAILogProbabilityChatClient(IChatClient innerClient)
        : base(innerClient)
    {
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var prepared = Prepare(options);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(messages, prepared, cancellationToken);
        }
        catch (ClientResultException exception) when (prepared != options && RefusesLogProbabilities(exception))
        {
            response = await base.GetResponseAsync(messages, options, cancellationToken);
            _refusing[ModelOf(options)] = true;
        }

        if (response.GetLogProbabilities() is null && LogProbabilityReader.Read(response) is { } tokens)
        {
            response.SetLogProbabilities(tokens);
        }

        return response;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var prepared = Prepare(options);
        var updates = base.GetStreamingResponseAsync(messages, prepared, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            bool more;
            try
            {
                more = await updates.MoveNextAsync();
            }
            catch (ClientResultException exception) when (prepared != options && RefusesLogProbabilities(exception))
            {
                await updates.DisposeAsync();
                updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
                more = await updates.MoveNextAsync();
                _refusing[ModelOf(options)] = true;
            }

            while (more)
            {
                var update = updates.Current;
                if (update.GetLogProbabilities() is null && LogProbabilityReader.Read(update) is { } tokens)
                {
                    update.SetLogProbabilities(tokens);
                }

                yield return update;
                more = await updates.MoveNextAsync();
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    private static string ModelOf(ChatOptions? options) => options?.ModelId ?? "";

    private ChatOptions? Prepare(ChatOptions? options)
    {
        if (options.GetRequestedLogProbabilities() is not { } alternatives || _refusing.ContainsKey(ModelOf(options)))
        {
            return options;
        }

        var prepared = options!.Clone();
        prepared.RawRepresentationFactory = client => LogProbabilityRequest.Create(options.RawRepresentationFactory?.Invoke(client), client, alternatives);
        return prepared;
    }

    private static bool RefusesLogProbabilities(ClientResultException exception) =>
        exception.Status is 400 or 422
        && (exception.Message + exception.GetRawResponse()?.Content).Contains("logprob", StringComparison.OrdinalIgnoreCase);
}
