using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>Writes JSON objects to responses.</summary>
internal static class ResponseJson
{
    // The response is JSON, not a page.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON object as UTF-8; <paramref name="fields"/> writes what is in it.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Answers with one JSON object.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> fields)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(Object(fields), context.RequestAborted);
    }
}
