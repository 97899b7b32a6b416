using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Samples.WebChat;

/// <summary>Answers a conversation as lines of JSON, each as soon as there is something to say.</summary>
internal static partial class ChatEndpoint
{
    private static readonly ChatOptions Options = new() { Temperature = 0, MaxOutputTokens = 120 };

    public static async Task AnswerAsync(HttpContext context, IChatClient client, ILogger<WebApplication> logger)
    {
        if (await ReadAsync(context) is not { } request)
        {
            return;
        }

        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var said in StreamAsync(client, request, context.RequestAborted))
            {
                await WriteAsync(context.Response, said);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The person has stopped it.
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            await WriteAsync(context.Response, new AnswerFailed("Something went wrong while answering. Nothing unverified was shown."));
        }
    }

    internal static async IAsyncEnumerable<ChatEvent> StreamAsync(
        IChatClient client, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync(request.ToMessages(), Options.Clone(), cancellationToken))
        {
            updates.Add(update);
            if (update.GetGuardReport() is { Verdicts.Count: > 0, Decision: not GuardDecision.Abstained } report)
            {
                yield return Judgement.SoFar(report);
            }

            if (update.Text.Length > 0)
            {
                yield return new TextReleased(update.Text);
            }
        }

        yield return Judgement.Final(updates.ToChatResponse(), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The conversation; null when it was refused.</summary>
    private static async Task<ChatRequest?> ReadAsync(HttpContext context)
    {
        string? problem;
        if (!context.Request.HasJsonContentType())
        {
            // A browser sends no JSON to another site without asking it first.
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, ChatJsonContext.Default.ChatRequest, context.RequestAborted);
            problem = request is null ? "Send {\"turns\": […]}." : request.Problem();
            if (problem is null)
            {
                return request;
            }
        }
        catch (JsonException exception)
        {
            problem = $"The request is not a conversation: {exception.Message}";
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsJsonAsync(new AnswerFailed(problem), ChatJsonContext.Default.ChatEvent, cancellationToken: context.RequestAborted);
        return null;
    }

    private static async Task WriteAsync(HttpResponse response, ChatEvent said)
    {
        await JsonSerializer.SerializeAsync(response.Body, said, ChatJsonContext.Default.ChatEvent, response.HttpContext.RequestAborted);
        await response.Body.WriteAsync("\n"u8.ToArray(), response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    [LoggerMessage(LogLevel.Error, "A question could not be answered.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
