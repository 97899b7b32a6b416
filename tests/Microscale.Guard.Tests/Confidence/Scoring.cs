using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>What the tests of this folder share.</summary>
internal static class Scoring
{
    public static readonly ChatMessage[] Question = [new(ChatRole.User, "What year did Carlos Drummond win the Nobel Prize?")];

    public static TokenLogProbability Token(string text, double probability) =>
        new(Encoding.UTF8.GetBytes(text), Math.Log(probability));

    public static ConfidenceContext Context(
        string text,
        IReadOnlyList<TokenLogProbability>? tokens = null,
        string question = "",
        params string[] samples) =>
        new(
            [new ChatMessage(ChatRole.User, question)],
            text,
            tokens,
            (count, _) => Task.FromResult<IReadOnlyList<ChatResponse>>(
                [.. samples.Take(count).Select(s => new ChatResponse(new ChatMessage(ChatRole.Assistant, s)))]));

    public static async Task<double?> Score(this IConfidenceScorer scorer, ConfidenceContext context) =>
        (await scorer.ScoreAsync(context)).Value;

    public static async Task<double> Compare(this IAnswerSimilarity similarity, string first, string second, string question = "") =>
        (await similarity.CompareAsync(question, [new(first, second)]))[0];

    /// <summary>Runs a request buffered or streamed.</summary>
    public static async Task<ChatResponse> Ask(
        this IChatClient client, bool streaming, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        streaming
            ? await client.GetStreamingResponseAsync(Question, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(Question, options, cancellationToken);
}
