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

    /// <summary>A token with the probabilities of the alternatives "0", "1", …; or those that a test names.</summary>
    public static TokenLogProbability Among(string text, double probability, params double[] alternatives) =>
        Among(text, probability, [.. alternatives.Select((a, i) => (i.ToString(), a))]);

    public static TokenLogProbability Among(string text, double probability, params (string Text, double Probability)[] alternatives) =>
        Token(text, probability) with
        {
            TopAlternatives = [.. alternatives.Select(a => new TokenAlternative(Encoding.UTF8.GetBytes(a.Text), Math.Log(a.Probability)))],
        };

    /// <summary>An answer with its tokens, as a sample.</summary>
    public static ChatResponse Sample(string text, params TokenLogProbability[] tokens)
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, text));
        if (tokens.Length > 0)
        {
            response.SetLogProbabilities(tokens);
        }

        return response;
    }

    public static ConfidenceContext ContextWith(
        string text, IReadOnlyList<TokenLogProbability>? tokens, IReadOnlyList<ChatResponse> samples, AnsweringModel? model = null) =>
        new([new ChatMessage(ChatRole.User, "Q?")], text, tokens, (count, _) => Task.FromResult<IReadOnlyList<ChatResponse>>([.. samples.Take(count)]))
        {
            Model = model,
        };

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
