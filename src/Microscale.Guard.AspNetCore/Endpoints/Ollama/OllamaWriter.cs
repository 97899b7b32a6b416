using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.Ollama;

/// <summary>Writes a response as Ollama's object, or its updates as lines of a stream.</summary>
/// <remarks>One for each response. Thinking is left out: the guard does not judge it.</remarks>
/// <param name="request">What was asked.</param>
/// <param name="options">How it is served.</param>
/// <param name="isChat">Whether the answer is a message (/api/chat) or a text (/api/generate).</param>
internal sealed class OllamaWriter(EndpointRequest request, GuardedEndpointOptions options, bool isChat)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>An object as a line of a stream.</summary>
    public static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> fields) => (byte[])[.. ResponseJson.Object(fields).Span, (byte)'\n'];

    public void WriteLoaded(Utf8JsonWriter json)
    {
        WriteHead(json);
        WriteAnswer(json, "", []);
        json.WriteString("done_reason", "load");
        json.WriteBoolean("done", true);
    }

    public void WriteWhole(Utf8JsonWriter json, ChatResponse response)
    {
        WriteHead(json);
        WriteAnswer(json, response.Text, [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()]);
        WriteEnd(json, response);
    }

    /// <summary>The lines for an update.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(ChatResponseUpdate update)
    {
        FunctionCallContent[] calls = [.. update.Contents.OfType<FunctionCallContent>()];
        if (update.Text.Length > 0 || calls.Length > 0)
        {
            yield return Line(json =>
            {
                WriteHead(json);
                WriteAnswer(json, update.Text, calls);
                json.WriteBoolean("done", false);
            });
        }
    }

    /// <summary>The last line, with the judgement.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> End(ChatResponse response) =>
    [
        Line(json =>
        {
            WriteHead(json);
            WriteAnswer(json, "", []);
            WriteEnd(json, response);
        }),
    ];

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteString("model", request.Model);
        json.WriteString("created_at", TimeProvider.System.GetUtcNow());
    }

    private void WriteAnswer(Utf8JsonWriter json, string text, FunctionCallContent[] calls)
    {
        if (!isChat)
        {
            json.WriteString("response", text);
            return;
        }

        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", text);
        if (calls.Length > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("id", call.CallId);
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                json.WriteStartObject("arguments");
                ToolArguments.WriteFields(json, call);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteEnd(Utf8JsonWriter json, ChatResponse response)
    {
        var report = response.GetGuardReport();
        json.WriteBoolean("done", true);

        // The protocol has no word for a withheld answer: the judgement says it.
        json.WriteString("done_reason", response.FinishReason == ChatFinishReason.Length ? "length" : "stop");
        json.WriteNumber("total_duration", Nanoseconds(Stopwatch.GetElapsedTime(_start)));
        json.WriteNumber("load_duration", 0);
        json.WriteNumber("prompt_eval_count", response.Usage?.InputTokenCount ?? 0);
        json.WriteNumber("prompt_eval_duration", 0);
        json.WriteNumber("eval_count", response.Usage?.OutputTokenCount ?? 0);
        json.WriteNumber("eval_duration", Nanoseconds(report?.Timings.Generation ?? Stopwatch.GetElapsedTime(_start)));
        JudgementWriter.Write(json, report, options);
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
