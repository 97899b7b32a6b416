using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>What both protocols do with a request: read it, ask the client, write the answer, and turn what goes wrong into the
/// protocol's own error.</summary>
internal abstract partial class ProtocolEndpoint(ServedClient served)
{
    protected ServedClient Served => served;

    /// <summary>Writes the fields of an error.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="message">What is wrong, in words for the caller.</param>
    /// <param name="parameter">The field at fault.</param>
    /// <param name="code">The protocol's name for what is wrong.</param>
    protected abstract void WriteError(Utf8JsonWriter json, int status, string message, string? parameter, string? code);

    /// <summary>Writes an error where a stream has begun.</summary>
    protected abstract ReadOnlyMemory<byte> ErrorInStream(string message);

    /// <summary>A handler whose failures become errors of the protocol.</summary>
    protected RequestDelegate Handle(Func<HttpContext, Task> handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (BadRequestException exception)
        {
            await FailAsync(context, exception.Status, exception.Message, exception.Parameter, exception.Code);
        }
        catch (BadHttpRequestException exception)
        {
            await FailAsync(context, exception.StatusCode, exception.Message, null, null);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // A client that refuses an option says what to change.
            await FailAsync(context, StatusCodes.Status400BadRequest, exception.Message, null, null);
        }
        catch (Exception exception)
        {
            // Other messages may tell of keys, addresses and content.
            LogFailed(context.RequestServices.GetService<ILoggerFactory>()?.CreateLogger<ProtocolEndpoint>(), exception);
            await FailAsync(context, StatusCodes.Status500InternalServerError, "The model could not answer; the server's log says why.", null, null);
        }
    };

    /// <summary>The client, when the request is for the model that is served.</summary>
    protected abstract void CheckModel(HttpContext context, string model);

    /// <summary>Streams updates; <paramref name="write"/> makes bytes of each, <paramref name="end"/> of the whole.</summary>
    protected async Task StreamAsync(
        HttpContext context,
        EndpointRequest request,
        string contentType,
        Func<ChatResponseUpdate, IEnumerable<ReadOnlyMemory<byte>>> write,
        Func<ChatResponse, IEnumerable<ReadOnlyMemory<byte>>> end)
    {
        var cancellationToken = context.RequestAborted;
        var updates = new List<ChatResponseUpdate>();
        await using var stream = Served.Of(context)
            .GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);

        // What fails before the first update still gets a status of its own.
        var more = await stream.MoveNextAsync();
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache";
        while (more)
        {
            updates.Add(stream.Current);
            await SendAsync(write(stream.Current));
            more = await stream.MoveNextAsync();
        }

        await SendAsync(end(updates.ToChatResponse()));

        async Task SendAsync(IEnumerable<ReadOnlyMemory<byte>> parts)
        {
            var any = false;
            foreach (var part in parts)
            {
                any = true;
                await context.Response.Body.WriteAsync(part, cancellationToken);
            }

            if (any)
            {
                await context.Response.Body.FlushAsync(cancellationToken);
            }
        }
    }

    private async Task FailAsync(HttpContext context, int status, string message, string? parameter, string? code)
    {
        if (context.Response.HasStarted)
        {
            await context.Response.Body.WriteAsync(ErrorInStream(message), context.RequestAborted);
            return;
        }

        context.Response.Clear();
        await ResponseJson.WriteAsync(context, status, json => WriteError(json, status, message, parameter, code));
    }

    private static void LogFailed(ILogger? logger, Exception exception)
    {
        if (logger is not null)
        {
            LogRequestFailed(logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "A request to a guarded endpoint failed.")]
    private static partial void LogRequestFailed(ILogger logger, Exception exception);
}
