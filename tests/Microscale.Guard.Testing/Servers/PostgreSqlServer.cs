using System.Diagnostics;
using System.Globalization;

namespace Microscale.Guard.Testing;

/// <summary>A PostgreSQL server of the test's own, in a temporary folder, reached by a local socket.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _folder;

    private PostgreSqlServer(string programs, string folder)
    {
        _programs = programs;
        _folder = folder;
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => FindPrograms() is null
        ? "PostgreSQL's server programs (initdb, pg_ctl) are not in /usr/lib/postgresql: install the package postgresql."
        : null;

    /// <summary>How clients connect to the database <c>postgres</c>.</summary>
    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres";

    /// <summary>Starts a server with an empty database.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var programs = FindPrograms() ?? throw new InvalidOperationException(Missing);
        var folder = Directory.CreateTempSubdirectory("guard-pg-").FullName;
        var server = new PostgreSqlServer(programs, folder);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", "postgres", folder);
        }

        await server.RunProgramAsync("initdb", "--pgdata", server.Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync");
        await server.RunProgramAsync(
            "pg_ctl", "start", "--wait", "--pgdata", server.Data, "--log", Path.Combine(folder, "log"),
            "--options", string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"));
        return server;
    }

    /// <summary>Stops the server at once, as a crash would, and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunProgramAsync("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", Data);
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    private Task RunProgramAsync(string name, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(_programs, name), .. arguments])
        : RunAsync(Path.Combine(_programs, name), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server keeps the output of pg_ctl open, so it goes nowhere: the server's own log says what went wrong.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
        }
    }
}
