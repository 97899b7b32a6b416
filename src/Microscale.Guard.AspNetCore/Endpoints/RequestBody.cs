using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>What the bodies of both protocols have in common.</summary>
internal static class RequestBody
{
    /// <summary>Reads the body as one JSON object.</summary>
    /// <exception cref="BadRequestException">It is none.</exception>
    public static async Task<JsonFields> ReadAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonFields(document.RootElement.Clone())
                : throw new BadRequestException("The body of the request must be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new BadRequestException($"The body of the request is not valid JSON: {exception.Message}");
        }
    }

    /// <summary>The tools of a request: declarations, which are never run here.</summary>
    public static IList<AITool>? Tools(JsonFields body)
    {
        var tools = body.Objects("tools");
        return tools.Count == 0 ? null : [.. tools.Select(Tool)];
    }

    /// <summary>The arguments of a tool call.</summary>
    public static Dictionary<string, object?> Arguments(JsonElement arguments) =>
        arguments.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal);

    private static AIFunctionDeclaration Tool(JsonFields tool)
    {
        if (tool.String("type") is { } type and not "function")
        {
            throw tool.Unsupported("type", type, "'function'");
        }

        var function = tool.RequiredObject("function");
        var parameters = function.Object("parameters")?.Element ?? s_noParameters;
        return AIFunctionFactory.CreateDeclaration(function.Required("name"), function.String("description"), parameters);
    }

    private static readonly JsonElement s_noParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");
}
