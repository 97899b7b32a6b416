using System.Text.Json;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>What an independent implementation says of the model.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<GoldenTokens> Tokens { get; } = [.. ChatModel.ReadLines<GoldenTokens>("golden-tokens.jsonl", s_options)];

    public static IReadOnlyList<GoldenAnswer> Answers { get; } = [.. ChatModel.ReadLines<GoldenAnswer>("golden-logprobs.jsonl", s_options)];
}

internal sealed record GoldenTokens(string Text, int[] Ids);

internal sealed record GoldenAnswer(
    string Question,
    string Prompt,
    int[] PromptIds,
    [property: System.Text.Json.Serialization.JsonPropertyName("greedy_fp32_ids")] int[] GreedyIds,
    [property: System.Text.Json.Serialization.JsonPropertyName("greedy_fp32_text")] string GreedyText,
    [property: System.Text.Json.Serialization.JsonPropertyName("forced_logprobs_fp32")] double[] ReferenceLogProbabilities,
    [property: System.Text.Json.Serialization.JsonPropertyName("forced_logprobs_int8")] double[] LogProbabilities,
    [property: System.Text.Json.Serialization.JsonPropertyName("first_top5_int8")] double[][] FirstTopFive);
