using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace Microscale.Guard.OpenAI;

/// <summary>Reads the log-probabilities that the OpenAI SDK brings in raw representations.</summary>
internal static class LogProbabilityReader
{
    /// <summary>The tokens of a response's text; null when it brings none.</summary>
    public static IReadOnlyList<TokenLogProbability>? Read(ChatResponse response) => response.RawRepresentation switch
    {
        ChatCompletion completion => NullIfEmpty(completion.ContentTokenLogProbabilities.Select(Convert)),
        ResponseResult result => NullIfEmpty(result.OutputItems.OfType<MessageResponseItem>()
            .SelectMany(i => i.Content)
            .Where(p => p.Kind == ResponseContentPartKind.OutputText)
            .SelectMany(p => p.OutputTextTokenLogProbabilities)
            .Select(Convert)),
        _ => null,
    };

    /// <summary>The tokens of an update's text; null when it brings none.</summary>
    public static IReadOnlyList<TokenLogProbability>? Read(ChatResponseUpdate update) => update.RawRepresentation switch
    {
        StreamingChatCompletionUpdate chunk => NullIfEmpty(chunk.ContentTokenLogProbabilities.Select(Convert)),
        StreamingResponseOutputTextDeltaUpdate delta => NullIfEmpty(delta.TokenLogProbabilities.Select(Convert)),
        _ => null,
    };

    private static TokenLogProbability Convert(ChatTokenLogProbabilityDetails token) => new(Bytes(token.Utf8Bytes, token.Token), token.LogProbability)
    {
        TopAlternatives = [.. token.TopLogProbabilities.Select(a => new TokenAlternative(Bytes(a.Utf8Bytes, a.Token), a.LogProbability))],
    };

    private static TokenLogProbability Convert(ResponseTokenLogProbabilityDetails token) => new(Bytes(token.Utf8Bytes, token.Token), token.LogProbability)
    {
        TopAlternatives = [.. token.TopLogProbabilities.Select(a => new TokenAlternative(Bytes(a.Utf8Bytes, a.Token), a.LogProbability))],
    };

    /// <summary>The token's bytes; servers that tell none tell its text.</summary>
    private static ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte>? bytes, string text) =>
        bytes is { IsEmpty: false } own ? own : Encoding.UTF8.GetBytes(text);

    private static List<TokenLogProbability>? NullIfEmpty(IEnumerable<TokenLogProbability> tokens) => tokens.ToList() is { Count: > 0 } list ? list : null;
}
