using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>Writes a response as a chat completion, or its updates as chunks of one.</summary>
/// <remarks>One for each response. Reasoning is left out: the guard does not judge it.</remarks>
internal sealed class CompletionWriter(EndpointRequest request, GuardedEndpointOptions options)
{
    private static readonly byte[] s_done = "data: [DONE]\n\n"u8.ToArray();

    private readonly string _id = "chatcmpl-" + Guid.NewGuid().ToString("N");
    private readonly long _created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    private bool _begun;
    private int _toolCalls;

    /// <summary>An object as an event of a stream.</summary>
    public static ReadOnlyMemory<byte> Event(Action<Utf8JsonWriter> fields) =>
        (byte[])[.. "data: "u8, .. ResponseJson.Object(fields).Span, .. "\n\n"u8];

    public void WriteCompletion(Utf8JsonWriter json, ChatResponse response)
    {
        WriteHead(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        var calls = Calls(response);
        var text = response.Text;
        json.WriteString("content", text.Length == 0 && calls.Length > 0 ? null : text);
        json.WriteNull("refusal");
        if (calls.Length > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                WriteCall(json, call, index: null);
            }

            json.WriteEndArray();
        }

        CompletionAnnotations.Write(json, response);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReason(response));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, response.Usage);
        JudgementWriter.Write(json, response.GetGuardReport(), options);
    }

    /// <summary>The chunks for an update.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Chunks(ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    yield return Delta(json => json.WriteString("content", text.Text));
                    break;
                case FunctionCallContent call:
                    yield return Delta(json =>
                    {
                        json.WriteStartArray("tool_calls");
                        WriteCall(json, call, _toolCalls++);
                        json.WriteEndArray();
                    });
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What ends a stream: the finish reason with the judgement, the usage, the mark of the end.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> End(ChatResponse response)
    {
        yield return Chunk(
            json => { },
            FinishReason(response),
            json => JudgementWriter.Write(json, response.GetGuardReport(), options));
        if (request.IncludeUsage)
        {
            yield return Event(json =>
            {
                WriteHead(json, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                WriteUsage(json, response.Usage);
            });
        }

        yield return s_done;
    }

    private ReadOnlyMemory<byte> Delta(Action<Utf8JsonWriter> fields) => Chunk(fields, null, json => { });

    private ReadOnlyMemory<byte> Chunk(Action<Utf8JsonWriter> delta, string? finishReason, Action<Utf8JsonWriter> more) => Event(json =>
    {
        WriteHead(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        if (!_begun)
        {
            json.WriteString("role", "assistant");
            _begun = true;
        }

        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        more(json);
    });

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", _id);
        json.WriteString("object", kind);
        json.WriteNumber("created", _created);
        json.WriteString("model", request.Model);
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call, int? index)
    {
        json.WriteStartObject();
        if (index is { } place)
        {
            json.WriteNumber("index", place);
        }

        json.WriteString("id", call.CallId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", ToolArguments.Text(call));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, UsageDetails? usage)
    {
        var (input, output) = (usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", input);
        json.WriteNumber("completion_tokens", output);
        json.WriteNumber("total_tokens", usage?.TotalTokenCount ?? (input + output));
        json.WriteEndObject();
    }

    private static FunctionCallContent[] Calls(ChatResponse response) =>
        [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];

    private static string FinishReason(ChatResponse response) => response.FinishReason switch
    {
        { } reason when reason == ChatFinishReason.Length => "length",
        { } reason when reason == ChatFinishReason.ContentFilter => "content_filter",
        _ => Calls(response).Length > 0 ? "tool_calls" : "stop",
    };
}
