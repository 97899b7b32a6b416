using System.Text;
using System.Text.Json.Nodes;
using Microscale.Guard.Testing;

namespace Microscale.Guard.OpenAI.Tests;

/// <summary>What servers send in the two protocols for the answer "In 1987 née.", with log-probabilities or without.</summary>
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

    public static LoopbackReply Reply(bool isResponses, bool isStream, bool withLogProbabilities) => (isResponses, isStream) switch
    {
        (false, false) => new LoopbackReply(Completion(withLogProbabilities)),
        (false, true) => new LoopbackReply([.. CompletionChunks(withLogProbabilities), "data: [DONE]\n\n"]) { ContentType = "text/event-stream" },
        (true, false) => new LoopbackReply(Response(withLogProbabilities, "completed").ToJsonString()),
        _ => new LoopbackReply(ResponseEvents(withLogProbabilities)) { ContentType = "text/event-stream" },
    };

    public static IReadOnlyList<string> CompletionChunks(bool withLogProbabilities)
    {
        List<string> chunks = [Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }, null, null)];
        var sent = 0;
        foreach (var (text, count) in Pieces)
        {
            var logprobs = withLogProbabilities ? Content(Tokens[sent..(sent + count)]) : null;
            chunks.Add(Chunk(new JsonObject { ["content"] = text }, logprobs, null));
            sent += count;
        }

        chunks.Add(Chunk([], null, "stop"));
        return chunks;
    }

    private static string Completion(bool withLogProbabilities) => new JsonObject
    {
        ["id"] = "chatcmpl-123",
        ["object"] = "chat.completion",
        ["created"] = 1763000000,
        ["model"] = "gpt-4o-mini-2024-07-18",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Answer, ["refusal"] = null, ["annotations"] = new JsonArray() },
            ["logprobs"] = withLogProbabilities ? Content(Tokens) : null,
            ["finish_reason"] = "stop",
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 9, ["completion_tokens"] = 7, ["total_tokens"] = 16 },
        ["system_fingerprint"] = "fp_1",
    }.ToJsonString();

    private static string Chunk(JsonObject delta, JsonObject? logprobs, string? finishReason) => "data: " + new JsonObject
    {
        ["id"] = "chatcmpl-123",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1763000000,
        ["model"] = "gpt-4o-mini-2024-07-18",
        ["system_fingerprint"] = "fp_1",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = logprobs, ["finish_reason"] = finishReason }),
    }.ToJsonString() + "\n\n";

    private static JsonObject Content((byte[] Bytes, double LogProbability)[] tokens) =>
        new() { ["content"] = List(tokens, withBytes: true), ["refusal"] = null };

    private static JsonArray List((byte[] Bytes, double LogProbability)[] tokens, bool withBytes) => [.. tokens.Select(t =>
    {
        var token = Token(t.Bytes, t.LogProbability, withBytes);
        token["top_logprobs"] = new JsonArray(Token(t.Bytes, t.LogProbability, withBytes), Token(" x"u8.ToArray(), -3.5, withBytes));
        return (JsonNode)token;
    })];

    private static JsonObject Token(byte[] bytes, double logProbability, bool withBytes) => new()
    {
        ["token"] = bytes[0] >= 0x80 ? $"\\x{bytes[0]:x2}" : Encoding.UTF8.GetString(bytes),
        ["logprob"] = logProbability,
        ["bytes"] = withBytes ? new JsonArray([.. bytes.Select(b => (JsonNode)(int)b)]) : null,
    };

    private static JsonObject Response(bool withLogProbabilities, string status) => new()
    {
        ["id"] = "resp_1",
        ["object"] = "response",
        ["created_at"] = 1763000000,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = null,
        ["max_output_tokens"] = null,
        ["model"] = "gpt-4.1-mini-2025-04-14",
        ["output"] = status == "completed" ? new JsonArray(Message(withLogProbabilities, "completed")) : [],
        ["parallel_tool_calls"] = true,
        ["previous_response_id"] = null,
        ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
        ["store"] = true,
        ["temperature"] = 1.0,
        ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["top_logprobs"] = withLogProbabilities ? 2 : 0,
        ["top_p"] = 1.0,
        ["truncation"] = "disabled",
        ["usage"] = status != "completed" ? null : new JsonObject
        {
            ["input_tokens"] = 9,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = 7,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = 16,
        },
        ["user"] = null,
        ["metadata"] = new JsonObject(),
    };

    private static JsonObject Message(bool withLogProbabilities, string status) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["status"] = status,
        ["content"] = status == "completed" ? new JsonArray(Part(Answer, withLogProbabilities)) : [],
        ["role"] = "assistant",
    };

    private static JsonObject Part(string text, bool withLogProbabilities) => new()
    {
        ["type"] = "output_text",
        ["annotations"] = new JsonArray(),
        ["logprobs"] = withLogProbabilities && text.Length > 0 ? List(Tokens, withBytes: true) : [],
        ["text"] = text,
    };

    private static List<string> ResponseEvents(bool withLogProbabilities)
    {
        var number = 0;
        List<string> events =
        [
            Event("response.created", ("response", Response(withLogProbabilities, "in_progress"))),
            Event("response.in_progress", ("response", Response(withLogProbabilities, "in_progress"))),
            Event("response.output_item.added", ("output_index", 0), ("item", Message(withLogProbabilities, "in_progress"))),
            Event("response.content_part.added", ("item_id", "msg_1"), ("output_index", 0), ("content_index", 0), ("part", Part("", withLogProbabilities))),
        ];
        var sent = 0;
        foreach (var (text, count) in Pieces)
        {
            events.Add(Event(
                "response.output_text.delta",
                ("item_id", "msg_1"),
                ("output_index", 0),
                ("content_index", 0),
                ("delta", text),
                ("logprobs", withLogProbabilities ? List(Tokens[sent..(sent + count)], withBytes: count > 1) : new JsonArray())));
            sent += count;
        }

        return
        [
            .. events,
            Event("response.output_text.done", ("item_id", "msg_1"), ("output_index", 0), ("content_index", 0), ("text", Answer), ("logprobs", new JsonArray())),
            Event("response.content_part.done", ("item_id", "msg_1"), ("output_index", 0), ("content_index", 0), ("part", Part(Answer, withLogProbabilities))),
            Event("response.output_item.done", ("output_index", 0), ("item", Message(withLogProbabilities, "completed"))),
            Event("response.completed", ("response", Response(withLogProbabilities, "completed"))),
        ];

        string Event(string type, params (string Name, JsonNode Value)[] fields)
        {
            var data = new JsonObject { ["type"] = type, ["sequence_number"] = number++ };
            foreach (var (name, value) in fields)
            {
                data[name] = value;
            }

            return $"event: {type}\ndata: {data.ToJsonString()}\n\n";
        }
    }
}
