using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microscale.Guard.Testing;

/// <summary>A web server on the loopback interface that replies as a test tells it to.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<LoopbackRequest, LoopbackReply> _respond;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LoopbackRequest> _requests = [];
    private readonly Task _serving;

    private LoopbackServer(HttpListener listener, Uri address, Func<LoopbackRequest, LoopbackReply> respond)
    {
        _listener = listener;
        Address = address;
        _respond = respond;
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<LoopbackRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static LoopbackServer Start(Func<LoopbackRequest, LoopbackReply> respond)
    {
        for (var attempt = 0; ; attempt++)
        {
            var address = new Uri($"http://127.0.0.1:{FreePort()}/");
            var listener = new HttpListener { Prefixes = { address.ToString() } };
            try
            {
                listener.Start();
                return new LoopbackServer(listener, address, respond);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port.
                listener.Close();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopped.TrySetResult();
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = ReplyAsync(context);
        }
    }

    private async Task ReplyAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            LoopbackRequest request;
            var body = await reader.ReadToEndAsync();
            lock (_requests)
            {
                request = new LoopbackRequest(_requests.Count, context.Request.Url!.AbsolutePath, body);
                _requests.Add(request);
            }

            var reply = _respond(request);
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.ContentType;
            if (reply.Breaks)
            {
                // More than will come, so that the client sees the end for what it is.
                context.Response.ContentLength64 = int.MaxValue;
            }
            else
            {
                context.Response.SendChunked = true;
            }

            foreach (var chunk in reply.Chunks)
            {
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(chunk));
                await context.Response.OutputStream.FlushAsync();
            }

            if (reply.Hangs)
            {
                await _stopped.Task;
            }

            if (reply.Hangs || reply.Breaks)
            {
                context.Response.Abort();
            }
            else
            {
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The client went away.
        }
    }
}

/// <summary>A request that came to a <see cref="LoopbackServer"/>.</summary>
public sealed record LoopbackRequest(int Index, string Path, string Body);

/// <summary>What a <see cref="LoopbackServer"/> replies.</summary>
public sealed record LoopbackReply(params IReadOnlyList<string> Chunks)
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "application/json";

    /// <summary>Hangs after the last chunk until the server stops.</summary>
    public bool Hangs { get; init; }

    /// <summary>Cuts the connection after the last chunk.</summary>
    public bool Breaks { get; init; }
}
