using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>Writes the arguments of a tool call as a JSON object.</summary>
internal static class ToolArguments
{
    public static string Text(FunctionCallContent call) => System.Text.Encoding.UTF8.GetString(ResponseJson.Object(json => WriteFields(json, call)).Span);

    public static void WriteFields(Utf8JsonWriter json, FunctionCallContent call)
    {
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            default:
                JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
                break;
        }
    }
}
