using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.AspNetCore.Endpoints.Ollama;

/// <summary>Ollama's chat, generation and models, as its API documentation describes them.</summary>
internal sealed class OllamaEndpoint(ServedClient served) : ProtocolEndpoint(served)
{
    private const string LatestTag = ":latest";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], context => context.Response.WriteAsync("Ollama is running", context.RequestAborted));
        routes.MapGet("/api/version", Handle(context => ResponseJson.WriteAsync(
            context, StatusCodes.Status200OK, json => json.WriteString("version", typeof(OllamaEndpoint).Assembly.GetName().Version!.ToString(3)))));
        routes.MapGet("/api/tags", Handle(context => WriteModelsAsync(context, running: false)));
        routes.MapGet("/api/ps", Handle(context => WriteModelsAsync(context, running: true)));
        routes.MapPost("/api/show", Handle(ShowAsync));
        routes.MapPost("/api/chat", Handle(context => AnswerAsync(context, OllamaRequest.ReadChat, isChat: true)));
        routes.MapPost("/api/generate", Handle(context => AnswerAsync(context, OllamaRequest.ReadGenerate, isChat: false)));
    }

    protected override void CheckModel(HttpContext context, string model)
    {
        if (WithTag(model) != WithTag(Served.NameOf(context)))
        {
            throw new BadRequestException($"model '{model}' not found", status: StatusCodes.Status404NotFound);
        }
    }

    protected override void WriteError(Utf8JsonWriter json, int status, string message, string? parameter, string? code) =>
        json.WriteString("error", message);

    protected override ReadOnlyMemory<byte> ErrorInStream(string message) => OllamaWriter.Line(json => json.WriteString("error", message));

    private static string WithTag(string model) => model.Contains(':', StringComparison.Ordinal) ? model : model + LatestTag;

    private async Task AnswerAsync(HttpContext context, Func<JsonFields, EndpointRequest> read, bool isChat)
    {
        var request = read(await RequestBody.ReadAsync(context));
        CheckModel(context, request.Model);
        var writer = new OllamaWriter(request, Served.Options, isChat);
        if (request.Messages.Count == 0)
        {
            // How a client asks for the model to be loaded.
            await ResponseJson.WriteAsync(context, StatusCodes.Status200OK, writer.WriteLoaded);
        }
        else if (request.Stream)
        {
            await StreamAsync(context, request, "application/x-ndjson", writer.Lines, writer.End);
        }
        else
        {
            var response = await Served.Of(context).GetResponseAsync(request.Messages, request.Options, context.RequestAborted);
            await ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json => writer.WriteWhole(json, response));
        }
    }

    private async Task ShowAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        CheckModel(context, OllamaRequest.Model(body));
        await ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteString("modelfile", "");
            json.WriteString("parameters", "");
            json.WriteString("template", "");
            WriteDetails(json);
            json.WriteStartObject("model_info");
            json.WriteString("general.architecture", "guarded");
            json.WriteEndObject();
            json.WriteStartArray("capabilities");
            json.WriteStringValue("completion");
            json.WriteStringValue("tools");
            json.WriteEndArray();
            json.WriteString("modified_at", DateTimeOffset.UnixEpoch);
        });
    }

    private Task WriteModelsAsync(HttpContext context, bool running) => ResponseJson.WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        var name = WithTag(Served.NameOf(context));
        json.WriteStartArray("models");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("model", name);
        json.WriteString(running ? "expires_at" : "modified_at", running ? DateTimeOffset.MaxValue : DateTimeOffset.UnixEpoch);
        json.WriteNumber("size", 0);
        json.WriteString("digest", "");
        WriteDetails(json);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void WriteDetails(Utf8JsonWriter json)
    {
        json.WriteStartObject("details");
        json.WriteString("parent_model", "");
        json.WriteString("format", "");
        json.WriteString("family", "guarded");
        json.WriteStartArray("families");
        json.WriteStringValue("guarded");
        json.WriteEndArray();
        json.WriteString("parameter_size", "");
        json.WriteString("quantization_level", "");
        json.WriteEndObject();
    }
}
