using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.OpenAI;

/// <summary>OpenAI's chat completions and models, as its API reference describes them.</summary>
internal sealed class OpenAIEndpoint(ServedClient served) : ProtocolEndpoint(served)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/chat/completions", Handle(CompleteAsync));
        routes.MapGet("/models", Handle(context => ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            json.WriteStartObject();
            WriteModel(json, context);
            json.WriteEndObject();
            json.WriteEndArray();
        })));
        routes.MapGet("/models/{**model}", Handle(context =>
        {
            CheckModel(context, (string)context.Request.RouteValues["model"]!);
            return ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json => WriteModel(json, context));
        }));
    }

    protected override void CheckModel(HttpContext context, string model)
    {
        if (model != Served.NameOf(context))
        {
            throw new BadRequestException($"The model '{model}' does not exist: this endpoint serves '{Served.NameOf(context)}'.", "model", "model_not_found", StatusCodes.Status404NotFound);
        }
    }

    protected override void WriteError(Utf8JsonWriter json, int status, string message, string? parameter, string? code) =>
        OpenAIError.Write(json, status, message, parameter, code);

    protected override ReadOnlyMemory<byte> ErrorInStream(string message) =>
        CompletionWriter.Event(json => OpenAIError.Write(json, StatusCodes.Status500InternalServerError, message, null, null));

    private async Task CompleteAsync(HttpContext context)
    {
        var request = CompletionRequest.Read(await RequestBody.ReadAsync(context));
        CheckModel(context, request.Model);
        var writer = new CompletionWriter(request, Served.Options);
        if (request.Stream)
        {
            await StreamAsync(context, request, "text/event-stream", writer.Chunks, writer.End);
            return;
        }

        var response = await Served.Of(context).GetResponseAsync(request.Messages, request.Options, context.RequestAborted);
        await ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json => writer.WriteCompletion(json, response));
    }

    private void WriteModel(Utf8JsonWriter json, HttpContext context)
    {
        json.WriteString("id", Served.NameOf(context));
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "microscale-guard");
    }
}
