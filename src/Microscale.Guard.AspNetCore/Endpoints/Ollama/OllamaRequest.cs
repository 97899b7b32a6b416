using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.Ollama;

/// <summary>Reads the bodies of requests to /api/chat and /api/generate.</summary>
internal static class OllamaRequest
{
    public static string Model(JsonFields body) =>
        body.String("model") ?? body.String("name") ?? throw new BadRequestException("model is required");

    public static EndpointRequest ReadChat(JsonFields body) => Create(body, [.. body.Objects("messages").Select(Message)]);

    public static EndpointRequest ReadGenerate(JsonFields body)
    {
        if (body.String("suffix") is { Length: > 0 })
        {
            throw new BadRequestException($"{Model(body)} does not support insert");
        }

        var prompt = body.String("prompt") ?? "";
        List<ChatMessage> messages = prompt.Length == 0 ? [] : [new ChatMessage(ChatRole.User, [new TextContent(prompt), .. Images(body)])];
        if (messages.Count > 0 && body.String("system") is { Length: > 0 } system)
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, system));
        }

        return Create(body, messages);
    }

    private static EndpointRequest Create(JsonFields body, IReadOnlyList<ChatMessage> messages)
    {
        var settings = body.Object("options") ?? new JsonFields(JsonElement.Parse("{}"), "options");
        var limit = settings.Integer("num_predict", int.MinValue, int.MaxValue);
        return new EndpointRequest(
            Model(body),
            Paired(messages),
            new ChatOptions
            {
                Temperature = settings.Number("temperature", 0, 2),
                TopP = settings.Number("top_p", 0, 1),
                TopK = (int?)settings.Integer("top_k", 0, int.MaxValue),
                FrequencyPenalty = settings.Number("frequency_penalty", -2, 2),
                PresencePenalty = settings.Number("presence_penalty", -2, 2),
                Seed = settings.Integer("seed"),
                MaxOutputTokens = limit > 0 ? (int?)limit : null, // Below, it means no limit.
                StopSequences = settings.Strings("stop"),
                Tools = RequestBody.Tools(body),
                ResponseFormat = Format(body),
            },
            body.Bool("stream") is not false);
    }

    private static ChatResponseFormatJson? Format(JsonFields body) => body.Get("format") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } word => word.GetString() switch
        {
            "" => null,
            "json" => ChatResponseFormat.Json,
            _ => throw new BadRequestException($"invalid format: \"{word.GetString()}\"; expected \"json\" or a valid JSON Schema object"),
        },
        { ValueKind: JsonValueKind.Object } schema => ChatResponseFormat.ForJsonSchema(schema),
        { } other => throw new BadRequestException($"invalid format: {other.GetRawText()}; expected \"json\" or a valid JSON Schema object"),
    };

    private static ChatMessage Message(JsonFields message)
    {
        var role = message.String("role") ?? "";
        var text = message.String("content") ?? "";
        return role switch
        {
            "system" => new ChatMessage(ChatRole.System, text),
            "user" => new ChatMessage(ChatRole.User, [new TextContent(text), .. Images(message)]),
            "assistant" => new ChatMessage(ChatRole.Assistant, [.. text.Length > 0 ? [new TextContent(text)] : Array.Empty<AIContent>(), .. message.Objects("tool_calls").Select(ToolCall)]),
            "tool" => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.String("tool_call_id") ?? "", text)]),
            _ => throw new BadRequestException($"invalid role: {role}: it must be one of system, user, assistant, tool"),
        };
    }

    private static FunctionCallContent ToolCall(JsonFields call)
    {
        var function = call.RequiredObject("function");
        var arguments = function.Object("arguments") is { } given ? RequestBody.Arguments(given.Element) : [];
        return new FunctionCallContent(call.String("id") ?? "", function.Required("name"), arguments);
    }

    private static IEnumerable<DataContent> Images(JsonFields holder) => (holder.Strings("images") ?? []).Select(image =>
    {
        try
        {
            return new DataContent(Convert.FromBase64String(image), "image/*");
        }
        catch (FormatException)
        {
            throw new BadRequestException("illegal base64 data in 'images'");
        }
    });

    /// <summary>The conversation with ids on tool calls and their results: older clients leave them out, and results then follow in the
    /// order of the calls.</summary>
    private static IReadOnlyList<ChatMessage> Paired(IReadOnlyList<ChatMessage> messages)
    {
        var calls = new Queue<string>();
        var count = 0;
        foreach (var contents in messages.Select(m => m.Contents))
        {
            for (var i = 0; i < contents.Count; i++)
            {
                if (contents[i] is FunctionCallContent call)
                {
                    var id = call.CallId.Length > 0 ? call.CallId : FormattableString.Invariant($"call_{count++}");
                    calls.Enqueue(id);
                    contents[i] = new FunctionCallContent(id, call.Name, call.Arguments);
                }
                else if (contents[i] is FunctionResultContent { CallId.Length: 0 } result)
                {
                    contents[i] = new FunctionResultContent(calls.TryDequeue(out var id) ? id : FormattableString.Invariant($"call_{count++}"), result.Result);
                }
            }
        }

        return messages;
    }
}
