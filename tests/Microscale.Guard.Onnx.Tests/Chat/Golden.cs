using System.Text.Json.Serialization;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Chat;

/// <summary>What an independent implementation says of the model.</summary>
internal static class Golden
{
    public static IReadOnlyList<GoldenTokens> Tokens { get; } = TestModels.ReadGolden<GoldenTokens>(TestModels.Chat, "golden-tokens.jsonl");

    public static IReadOnlyList<GoldenAnswer> Answers { get; } = TestModels.ReadGolden<GoldenAnswer>(TestModels.Chat, "golden-logprobs.jsonl");
}

internal sealed record GoldenTokens(string Text, int[] Ids);

internal sealed record GoldenAnswer(
    string Question,
    string Prompt,
    int[] PromptIds,
    [property: JsonPropertyName("greedy_fp32_ids")] int[] GreedyIds,
    [property: JsonPropertyName("greedy_fp32_text")] string GreedyText,
    [property: JsonPropertyName("forced_logprobs_fp32")] double[] ReferenceLogProbabilities,
    [property: JsonPropertyName("forced_logprobs_int8")] double[] LogProbabilities,
    [property: JsonPropertyName("first_top5_int8")] double[][] FirstTopFive);
