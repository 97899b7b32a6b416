using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models.Chat;
using OllamaSharp.Models.Exceptions;

namespace Microscale.Guard.Ollama;

/// <summary>An Ollama model whose answers come with the log-probabilities that a scorer wants.</summary>
/// <remarks>
/// <para>OllamaSharp's own client knows the fields for them in /api/generate only. This one is built upon that client, puts
/// <c>logprobs</c> and <c>top_logprobs</c> into its requests to /api/chat, and reads them from the lines that come back; all else (options,
/// tools, thinking, images) is OllamaSharp's. <see cref="IChatClient.GetService"/> answers for <see cref="OllamaApiClient"/>.</para>
/// <para>It asks where the request does (<see cref="LogProbabilityExtensions.RequestLogProbabilities"/>, as the guard's scorers have it). A
/// factory of raw options of the caller's own is left in place. Ollama gives log-probabilities since version 0.12.11; older
/// servers ignore the fields, and one that refuses them (status 400, naming them) is asked again without and, when that
/// helped, not asked for them any more. The score is then not available, and says so.</para>
/// <para>An error that the server reports within its answer, a stream that ends before its last line, and a cancellation are thrown;
/// OllamaSharp ends the answer there as if it were complete.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class OllamaLogProbabilityChatClient : DelegatingChatClient
{
    private readonly LogProbabilityApiClient _api;
    private readonly ConcurrentDictionary<string, bool> _refusing = new(StringComparer.Ordinal);

    /// <summary>Connects to a server.</summary>
    /// <param name="uri">The server's address, such as http://localhost:11434.</param>
    /// <param name="model">The model that requests without a <see cref="ChatOptions.ModelId"/> go to.</param>
    public OllamaLogProbabilityChatClient(Uri uri, string model)
        : this(new LogProbabilityApiClient(Address(uri), model))
    {
    }

    /// <summary>Connects to a server through an HTTP client.</summary>
    /// <param name="httpClient">The HTTP client, its <see cref="HttpClient.BaseAddress"/> the server's; not disposed.</param>
    /// <param name="model">The model that requests without a <see cref="ChatOptions.ModelId"/> go to.</param>
    public OllamaLogProbabilityChatClient(HttpClient httpClient, string model)
        : this(new LogProbabilityApiClient(Addressed(httpClient), model))
    {
    }

    private OllamaLogProbabilityChatClient(LogProbabilityApiClient api)
        : base(api) => _api = api;

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var capture = new LineCapture(AlternativesFor(options));
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(messages, With(capture, options), cancellationToken);
        }
        catch (OllamaException exception) when (capture.Alternatives is not null && RefusesLogProbabilities(exception))
        {
            capture = new LineCapture(null);
            response = await base.GetResponseAsync(messages, With(capture, options), cancellationToken);
            _refusing[ModelOf(options)] = true;
        }

        List<TokenLogProbability> tokens = [];
        while (capture.TryTake(out var line))
        {
            tokens.AddRange(line);
        }

        if (tokens.Count > 0)
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
        var capture = new LineCapture(AlternativesFor(options));
        var updates = base.GetStreamingResponseAsync(messages, With(capture, options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            bool more;
            try
            {
                more = await updates.MoveNextAsync();
            }
            catch (OllamaException exception) when (capture.Alternatives is not null && RefusesLogProbabilities(exception))
            {
                await updates.DisposeAsync();
                capture = new LineCapture(null);
                updates = base.GetStreamingResponseAsync(messages, With(capture, options), cancellationToken).GetAsyncEnumerator(cancellationToken);
                more = await updates.MoveNextAsync();
                _refusing[ModelOf(options)] = true;
            }

            while (more)
            {
                var update = updates.Current;
                if (capture.TryTake(out var tokens) && tokens.Count > 0)
                {
                    update.SetLogProbabilities(tokens);
                }

                yield return update;
                more = await updates.MoveNextAsync();
            }

            // OllamaSharp ends a cancelled stream as if it were complete.
            cancellationToken.ThrowIfCancellationRequested();
            if (!capture.IsComplete)
            {
                throw new OllamaException("The server ended its answer before it was complete.");
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    private static Uri Address(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri;
    }

    private static HttpClient Addressed(HttpClient httpClient)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        return httpClient.BaseAddress is not null
            ? httpClient
            : throw new ArgumentException("HttpClient.BaseAddress is null: set it to the server's address, such as http://localhost:11434.", nameof(httpClient));
    }

    private static bool RefusesLogProbabilities(OllamaException exception) =>
        exception.Message.Contains("logprob", StringComparison.OrdinalIgnoreCase);

    private static string ModelOf(ChatOptions? options) => options?.ModelId ?? "";

    private int? AlternativesFor(ChatOptions? options) =>
        _refusing.ContainsKey(ModelOf(options)) ? null : options.GetRequestedLogProbabilities();

    /// <summary>Options whose raw request carries a capture of the server's lines.</summary>
    private ChatOptions With(LineCapture capture, ChatOptions? options)
    {
        var callers = options?.RawRepresentationFactory;
        var prepared = options?.Clone() ?? new();
        prepared.RawRepresentationFactory = client =>
        {
            var request = callers?.Invoke(client) as ChatRequest ?? new ChatRequest();
            _api.Capture(request, capture);
            return request;
        };
        return prepared;
    }
}
