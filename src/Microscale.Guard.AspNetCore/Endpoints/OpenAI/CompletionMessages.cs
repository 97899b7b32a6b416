using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>Reads the messages of a request to /v1/chat/completions.</summary>
internal static class CompletionMessages
{
    public static IReadOnlyList<ChatMessage> Read(JsonFields body)
    {
        var messages = body.Objects("messages");
        return messages.Count > 0
            ? [.. messages.Select(ReadMessage)]
            : throw new BadRequestException("Invalid 'messages': an array with at least one message is needed.", "messages", "missing_required_parameter");
    }

    private static ChatMessage ReadMessage(JsonFields message)
    {
        var role = message.Required("role");
        return role switch
        {
            "system" or "developer" => new ChatMessage(ChatRole.System, Contents(message)),
            "user" => new ChatMessage(ChatRole.User, Contents(message)) { AuthorName = message.String("name") },
            "assistant" => new ChatMessage(ChatRole.Assistant, [.. Contents(message), .. message.Objects("tool_calls").Select(ToolCall)]),
            "tool" => new ChatMessage(
                ChatRole.Tool, [new FunctionResultContent(message.Required("tool_call_id"), string.Concat(Contents(message).OfType<TextContent>().Select(t => t.Text)))]),
            _ => throw message.Unsupported("role", role, "'system', 'developer', 'user', 'assistant', 'tool'"),
        };
    }

    private static List<AIContent> Contents(JsonFields message) => message.Get("content") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new TextContent(text.GetString())],
        { ValueKind: JsonValueKind.Array } => [.. message.Objects("content").Select(Part)],
        { } other => throw message.Wrong("content", "a string or an array of content parts", other),
    };

    private static AIContent Part(JsonFields part) => part.Required("type") switch
    {
        "text" => new TextContent(part.String("text") ?? ""),
        "refusal" => new TextContent(part.String("refusal") ?? ""),
        "image_url" => Image(part.RequiredObject("image_url")),
        var other => throw part.Unsupported("type", other, "'text', 'image_url'"),
    };

    private static AIContent Image(JsonFields image)
    {
        var url = image.Required("url");
        try
        {
            return url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(url) : new UriContent(url, "image/*");
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            throw new BadRequestException($"Invalid '{image.PathOf("url")}': it is not an address of an image.", image.PathOf("url"), "invalid_value");
        }
    }

    private static FunctionCallContent ToolCall(JsonFields call)
    {
        var function = call.RequiredObject("function");
        try
        {
            var arguments = JsonElement.Parse(function.String("arguments") is { Length: > 0 } text ? text : "{}");
            if (arguments.ValueKind == JsonValueKind.Object)
            {
                return new FunctionCallContent(call.Required("id"), function.Required("name"), RequestBody.Arguments(arguments));
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new BadRequestException($"Invalid '{function.PathOf("arguments")}': it must be a JSON object, written as a string.", function.PathOf("arguments"), "invalid_value");
    }
}
