using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Asks for, writes and reads the log-probabilities of generated tokens, for which
/// Microsoft.Extensions.AI has no type of its own.</summary>
/// <remarks>A model client that knows them honours <see cref="GetRequestedLogProbabilities"/> and calls
/// <c>SetLogProbabilities</c> on its response, or on each update of a stream for the tokens of that update.
/// Other clients ignore the request; scorers then find none and say so.</remarks>
public static class LogProbabilityExtensions
{
    /// <summary>Asks the model for the log-probability of each token.</summary>
    /// <param name="options">The options of the request; they are changed.</param>
    /// <param name="topAlternatives">How many alternatives to report with each token; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topAlternatives"/> is negative or above 20.</exception>
    public static void RequestLogProbabilities(this ChatOptions options, int topAlternatives = 5)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(topAlternatives);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topAlternatives, 20);
        (options.AdditionalProperties ??= [])[GuardPropertyNames.TopLogProbabilities] = topAlternatives;
    }

    /// <summary>How many alternatives a request wants with each token's log-probability; null when it asks for no
    /// log-probabilities.</summary>
    /// <param name="options">The options of the request.</param>
    public static int? GetRequestedLogProbabilities(this ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.TopLogProbabilities, out var value) is true
            ? value switch
            {
                int n => n,
                JsonElement { ValueKind: JsonValueKind.Number } e => e.GetInt32(),
                _ => null,
            }
            : null;

    /// <summary>Attaches the log-probabilities of all tokens of a response.</summary>
    /// <param name="response">The response; it is changed.</param>
    /// <param name="tokens">Its tokens in order.</param>
    public static void SetLogProbabilities(this ChatResponse response, IReadOnlyList<TokenLogProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(response);
        (response.AdditionalProperties ??= [])[GuardPropertyNames.LogProbabilities] = tokens;
    }

    /// <summary>Attaches the log-probabilities of the tokens that an update brings.</summary>
    /// <param name="update">The update; it is changed.</param>
    /// <param name="tokens">The tokens of this update in order.</param>
    public static void SetLogProbabilities(this ChatResponseUpdate update, IReadOnlyList<TokenLogProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(update);
        (update.AdditionalProperties ??= [])[GuardPropertyNames.LogProbabilities] = tokens;
    }

    /// <summary>The log-probabilities of a response's tokens, or null when it has none.</summary>
    /// <param name="response">A response.</param>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Read(response.AdditionalProperties);
    }

    /// <summary>The log-probabilities of the tokens that an update brings, or null when it has none.</summary>
    /// <param name="update">An update of a stream.</param>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    private static IReadOnlyList<TokenLogProbability>? Read(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(GuardPropertyNames.LogProbabilities, out var value) is true
            ? value switch
            {
                IReadOnlyList<TokenLogProbability> tokens => tokens,
                JsonElement { ValueKind: JsonValueKind.Array } e => e.Deserialize(GuardJsonContext.Default.IReadOnlyListTokenLogProbability),
                _ => null,
            }
            : null;
}
