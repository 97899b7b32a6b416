using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Checks the options of a request, before any work is done for it.</summary>
internal static class ChatOptionsReader
{
    private const string MinPName = "min_p";

    /// <summary>How tokens are to be chosen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static SamplingSettings ReadSampling(ChatOptions? options)
    {
        var settings = new SamplingSettings
        {
            Temperature = options?.Temperature ?? 0,
            TopK = options?.TopK,
            TopP = options?.TopP ?? 1,
            MinP = ReadMinP(options),
            FrequencyPenalty = options?.FrequencyPenalty ?? 0,
            PresencePenalty = options?.PresencePenalty ?? 0,
            Seed = options?.Seed,
        };
        Check(float.IsFinite(settings.Temperature) && settings.Temperature >= 0, nameof(ChatOptions.Temperature), settings.Temperature,
            "0 or more; 0 (also the default) takes the most probable token");
        Check(settings.TopK is null or > 0, nameof(ChatOptions.TopK), settings.TopK, "1 or more, or null for all tokens");
        Check(settings.TopP is > 0 and <= 1, nameof(ChatOptions.TopP), settings.TopP, "above 0 and at most 1, or null for all tokens");
        Check(settings.FrequencyPenalty is >= -2 and <= 2, nameof(ChatOptions.FrequencyPenalty), settings.FrequencyPenalty, "from -2 to 2");
        Check(settings.PresencePenalty is >= -2 and <= 2, nameof(ChatOptions.PresencePenalty), settings.PresencePenalty, "from -2 to 2");
        return settings;
    }

    /// <summary>Min-p has no property of its own: it is a number among the additional properties.</summary>
    private static float ReadMinP(ChatOptions? options)
    {
        if (options?.AdditionalProperties?.TryGetValue(MinPName, out var value) is not true || value is null)
        {
            return 0;
        }

        var number = value switch
        {
            JsonElement { ValueKind: JsonValueKind.Number } json => json.GetSingle(),
            float or double or decimal or int or long => Convert.ToSingle(value, CultureInfo.InvariantCulture),
            _ => float.NaN,
        };
        Check(number is >= 0 and < 1, $"{nameof(ChatOptions.AdditionalProperties)}[\"{MinPName}\"]", value, "a number from 0 (all tokens) to less than 1");
        return number;
    }

    /// <summary>The stop sequences.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    public static IReadOnlyList<string> ReadStopSequences(ChatOptions? options) =>
        options?.StopSequences is not { Count: > 0 } stops ? []
        : stops.Any(string.IsNullOrEmpty) ? throw new ArgumentException(
            "ChatOptions.StopSequences holds an empty text, which would end every answer at its start: remove it.", nameof(options))
        : [.. stops];

    /// <summary>How many alternatives to report with each token's log-probability; null for no log-probabilities.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or above 20.</exception>
    public static int? ReadTopLogProbabilities(ChatOptions? options)
    {
        var top = options.GetRequestedLogProbabilities();
        Check(top is null or (>= 0 and <= 20), "RequestLogProbabilities", top, "from 0 to 20 alternatives");
        return top;
    }

    /// <summary>The longest answer that the caller wants; null when it does not say.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static int? ReadMaxOutputTokens(ChatOptions? options)
    {
        Check(options?.MaxOutputTokens is null or > 0, nameof(ChatOptions.MaxOutputTokens), options?.MaxOutputTokens, "1 or more, or null");
        return options?.MaxOutputTokens;
    }

    /// <summary>Refuses what the model would silently not do.</summary>
    /// <exception cref="NotSupportedException">The options ask for something that the model cannot do.</exception>
    public static void RefuseUnsupported(ChatOptions? options, string modelId)
    {
        if (options is null)
        {
            return;
        }

        if (options.ConversationId is not null || options.ContinuationToken is not null)
        {
            throw new NotSupportedException(
                $"The model '{modelId}' keeps no conversations: leave ChatOptions.ConversationId and ContinuationToken null and pass all messages.");
        }

        if (options.ModelId is { } other && other != modelId)
        {
            throw new NotSupportedException(
                $"This client has the model '{modelId}' only, not '{other}': leave ChatOptions.ModelId null, or create a client for the other model.");
        }
    }

    private static void Check(bool valid, string setting, object? value, string remedy)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(setting, value, $"ChatOptions.{setting} is out of range: it must be {remedy}.");
        }
    }
}
