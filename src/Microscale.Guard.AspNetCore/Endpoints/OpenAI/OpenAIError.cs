using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>An error as OpenAI's clients read it.</summary>
internal static class OpenAIError
{
    public static void Write(Utf8JsonWriter json, int status, string message, string? parameter, string? code)
    {
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error");
        json.WriteString("param", parameter);
        json.WriteString("code", code);
        json.WriteEndObject();
    }
}
