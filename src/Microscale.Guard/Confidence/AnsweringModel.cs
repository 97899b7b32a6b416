using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>The model that gave an answer, for scorers that ask it about that answer.</summary>
/// <remarks>Safe for concurrent use where the client is. What it spends is counted, and becomes part of the usage of the
/// response that is scored.</remarks>
public sealed class AnsweringModel
{
    private readonly IChatClient _client;
    private readonly ChatOptions? _options;
    private UsageDetails? _usage;

    /// <summary>Names the model.</summary>
    /// <param name="client">The model; not disposed.</param>
    /// <param name="options">The options of the request that it answered.</param>
    public AnsweringModel(IChatClient client, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options;
    }

    /// <summary>What its tokens cost; null when nobody knows.</summary>
    internal TokenPrices? Prices { get; init; }

    /// <summary>Why the model cannot be asked about its answer; null when it can.</summary>
    public string? Obstacle => _options?.ConversationId is null
        ? null
        : "ChatOptions.ConversationId is set: the server keeps the conversation, and a question about the answer would be added to it. Send the whole conversation as messages, or use a scorer that needs no further calls.";

    /// <summary>Says how probable given answers are to the model; null when it cannot.</summary>
    public IContinuationScorer? ContinuationScorer => _client.GetService<IContinuationScorer>();

    /// <summary>What was spent so far; null when nothing is known.</summary>
    public UsageDetails? Usage => UsageSum.Of(_usage);

    /// <summary>Options for a question about the answer: those of the request, but for greedy decoding, plain text, and
    /// without tools.</summary>
    /// <param name="maxOutputTokens">The most tokens of the reply.</param>
    /// <returns>A copy, to be changed freely.</returns>
    public ChatOptions CreateOptions(int maxOutputTokens)
    {
        var options = _options?.Clone() ?? new();
        options.MaxOutputTokens = maxOutputTokens;
        options.Temperature = 0;
        options.ResponseFormat = null;
        options.AdditionalProperties?.Remove(GuardPropertyNames.Grammar);
        options.AdditionalProperties?.Remove(GuardPropertyNames.EvidenceChoices);
        options.StopSequences = null;
        options.Tools = null;
        options.ToolMode = null;
        options.AllowBackgroundResponses = null;
        return options;
    }

    /// <summary>Asks the model.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">As of <see cref="CreateOptions"/>.</param>
    /// <param name="cancellationToken">Stops the model.</param>
    /// <exception cref="InvalidOperationException">There is an <see cref="Obstacle"/>.</exception>
    public async Task<ChatResponse> AskAsync(
        IEnumerable<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken = default)
    {
        if (Obstacle is { } obstacle)
        {
            throw new InvalidOperationException(obstacle);
        }

        var response = await _client.GetResponseAsync(messages, options, cancellationToken);
        ImmutableInterlocked.Update(ref _usage, static (sum, usage) => UsageSum.Of(sum, usage), response.Usage);
        GuardTelemetry.RecordTokens(response.Usage, response.GetGuardReport()?.SampleUsage, response.ModelId, Prices);
        return response;
    }
}
