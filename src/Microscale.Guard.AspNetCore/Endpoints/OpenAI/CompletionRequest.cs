using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>Reads the body of a request to /v1/chat/completions.</summary>
internal static class CompletionRequest
{
    public static EndpointRequest Read(JsonFields body)
    {
        var model = body.Required("model");
        var messages = CompletionMessages.Read(body);
        if (body.Integer("n", 1) is > 1)
        {
            throw new BadRequestException("Invalid 'n': a guarded endpoint gives one answer.", "n", "invalid_value");
        }

        var options = new ChatOptions
        {
            Temperature = body.Number("temperature", 0, 2),
            TopP = body.Number("top_p", 0, 1),
            FrequencyPenalty = body.Number("frequency_penalty", -2, 2),
            PresencePenalty = body.Number("presence_penalty", -2, 2),
            Seed = body.Integer("seed"),
            MaxOutputTokens = (int?)(body.Integer("max_completion_tokens", 1, int.MaxValue) ?? body.Integer("max_tokens", 1, int.MaxValue)),
            StopSequences = body.Strings("stop"),
            Tools = RequestBody.Tools(body),
            AllowMultipleToolCalls = body.Bool("parallel_tool_calls"),
            ResponseFormat = ResponseFormat(body),
        };
        options.ToolMode = options.Tools is null ? null : ToolMode(body);
        return new EndpointRequest(model, messages, options, body.Bool("stream") is true)
        {
            IncludeUsage = body.Object("stream_options")?.Bool("include_usage") is true,
        };
    }

    private static ChatToolMode? ToolMode(JsonFields body) => body.Get("tool_choice") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } choice => choice.GetString() switch
        {
            "auto" => ChatToolMode.Auto,
            "none" => ChatToolMode.None,
            "required" => ChatToolMode.RequireAny,
            var other => throw body.Unsupported("tool_choice", other!, "'none', 'auto', 'required'"),
        },
        { ValueKind: JsonValueKind.Object } => ChatToolMode.RequireSpecific(body.RequiredObject("tool_choice").RequiredObject("function").Required("name")),
        { } other => throw body.Wrong("tool_choice", "a string or an object", other),
    };

    private static ChatResponseFormat? ResponseFormat(JsonFields body)
    {
        if (body.Object("response_format") is not { } format)
        {
            return null;
        }

        switch (format.Required("type"))
        {
            case "text":
                return ChatResponseFormat.Text;
            case "json_object":
                return ChatResponseFormat.Json;
            case "json_schema":
                var named = format.RequiredObject("json_schema");
                return named.Object("schema") is { } schema
                    ? ChatResponseFormat.ForJsonSchema(schema.Element, named.Required("name"), named.String("description"))
                    : ChatResponseFormat.Json;
            case var other:
                throw format.Unsupported("type", other, "'text', 'json_object', 'json_schema'");
        }
    }
}
