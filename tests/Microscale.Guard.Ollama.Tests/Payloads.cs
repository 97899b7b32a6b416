using System.Text;
using System.Text.Json.Nodes;
using Microscale.Guard.Testing;

namespace Microscale.Guard.Ollama.Tests;

/// <summary>What Ollama's /api/chat sends for the answer "In 1987 née.", with log-probabilities or without.</summary>
internal static class Payloads
{
    public const string Answer = "In 1987 née.";

    /// <summary>The tokens with their probabilities; "é" comes in two tokens of one byte.</summary>
    public static readonly (byte[] Bytes, double LogProbability)[] Tokens =
    [
        ("In"u8.ToArray(), -0.105), (" 1987"u8.ToArray(), -0.693), (" n"u8.ToArray(), -0.25), ([0xC3], -0.5), ([0xA9], -0.0625), ("e"u8.ToArray(), 0), ("."u8.ToArray(), -0.01),
    ];

    /// <summary>The pieces in which the answer is streamed, as how many tokens each.</summary>
    private static readonly (string Text, int Tokens)[] Pieces = [("In", 1), (" 1987", 1), (" n", 1), ("é", 2), ("e", 1), (".", 1)];

    public static LoopbackReply Reply(bool isStream, bool withLogProbabilities) =>
        isStream ? Stream([.. Lines(withLogProbabilities)]) : new LoopbackReply(Done(Answer, withLogProbabilities ? Tokens : []));

    public static LoopbackReply Stream(params IReadOnlyList<string> lines) => new(lines) { ContentType = "application/x-ndjson" };

    public static IEnumerable<string> Lines(bool withLogProbabilities)
    {
        var sent = 0;
        foreach (var (text, count) in Pieces)
        {
            yield return Line(text, withLogProbabilities ? Tokens[sent..(sent + count)] : []);
            sent += count;
        }

        yield return Done("", []);
    }

    public static string Line(string text, (byte[] Bytes, double LogProbability)[] tokens, string? thinking = null)
    {
        var line = Start(text, isDone: false);
        if (thinking is not null)
        {
            line["message"]!["thinking"] = thinking;
        }

        return End(line, tokens);
    }

    private static string Done(string text, (byte[] Bytes, double LogProbability)[] tokens)
    {
        var line = Start(text, isDone: true);
        line["done_reason"] = "stop";
        line["total_duration"] = 5_043_500_667;
        line["load_duration"] = 5_025_959;
        line["prompt_eval_count"] = 26;
        line["prompt_eval_duration"] = 325_953_000;
        line["eval_count"] = 7;
        line["eval_duration"] = 4_709_213_000;
        return End(line, tokens);
    }

    private static JsonObject Start(string text, bool isDone) => new()
    {
        ["model"] = "llama3.2",
        ["created_at"] = "2025-11-13T08:52:19.385406455Z",
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
        ["done"] = isDone,
    };

    private static string End(JsonObject line, (byte[] Bytes, double LogProbability)[] tokens)
    {
        if (tokens.Length > 0)
        {
            line["logprobs"] = new JsonArray([.. tokens.Select(t =>
            {
                var token = Token(t.Bytes, t.LogProbability);
                token["top_logprobs"] = new JsonArray(Token(t.Bytes, t.LogProbability), Token(" x"u8.ToArray(), -3.5));
                return (JsonNode)token;
            })]);
        }

        return line.ToJsonString() + "\n";
    }

    private static JsonObject Token(byte[] bytes, double logProbability) => new()
    {
        ["token"] = Encoding.UTF8.GetString(bytes),
        ["logprob"] = logProbability,
        ["bytes"] = new JsonArray([.. bytes.Select(b => (JsonNode)(int)b)]),
    };
}
