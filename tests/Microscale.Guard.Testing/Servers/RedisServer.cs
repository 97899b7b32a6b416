using System.Diagnostics;
using System.Net.Sockets;

namespace Microscale.Guard.Testing;

/// <summary>A Redis server of the test's own, in a temporary folder, reached by a local socket.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/redis-server";

    private readonly Process _process;
    private readonly string _folder;

    private RedisServer(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => File.Exists(Program) ? null : $"{Program} is not there: install the package redis-server.";

    /// <summary>Where clients connect to.</summary>
    public UnixDomainSocketEndPoint EndPoint => new(Path.Combine(_folder, "socket"));

    /// <summary>Starts an empty server, which keeps nothing on disk.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("guard-redis-").FullName;
        var process = Process.Start(new ProcessStartInfo(
            Program,
            ["--port", "0", "--unixsocket", Path.Combine(folder, "socket"), "--dir", folder, "--save", "", "--appendonly", "no", "--logfile", Path.Combine(folder, "log")]))!;
        var server = new RedisServer(process, folder);
        for (var attempt = 0; !await server.IsReadyAsync(); attempt++)
        {
            if (process.HasExited || attempt == 600)
            {
                throw new InvalidOperationException("redis-server did not start: " + File.ReadAllText(Path.Combine(folder, "log")));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return server;
    }

    /// <summary>Stops the server at once, as a crash would.</summary>
    public async Task StopAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
