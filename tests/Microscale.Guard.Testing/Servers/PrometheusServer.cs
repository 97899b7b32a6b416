using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Testing;

/// <summary>A Prometheus server of the test's own, in a temporary folder and on a free port, that scrapes one target each
/// second.</summary>
public sealed partial class PrometheusServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus";
    private const string ToolProgram = "/usr/bin/promtool";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, string folder, Uri address) =>
        (_process, _folder, _client) = (process, folder, new HttpClient { BaseAddress = address });

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => File.Exists(Program) && File.Exists(ToolProgram)
        ? null
        : $"{Program} and {ToolProgram} are not there: install the package prometheus.";

    /// <summary>Starts a server that scrapes <c>/metrics</c>.</summary>
    /// <param name="target">The host and port that it scrapes.</param>
    /// <param name="rules">The path of a file of rules that it evaluates each second; null for none.</param>
    public static async Task<PrometheusServer> StartAsync(Uri target, string? rules = null)
    {
        var folder = Directory.CreateTempSubdirectory("guard-prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: [{(rules is null ? "" : JsonSerializer.Serialize(rules))}]
            scrape_configs:
              - job_name: guard
                static_configs:
                  - targets: ["{target.Authority}"]
            """);
        var process = Process.Start(new ProcessStartInfo(
            Program,
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                "--web.listen-address=127.0.0.1:0",
                "--enable-feature=exemplar-storage",
            ])
        { RedirectStandardError = true, WorkingDirectory = folder })!;

        // Without an address the server has ended.
        return new PrometheusServer(process, folder, await ReadAddressAsync(process));
    }

    /// <summary>Runs promtool, such as <c>check rules FILE</c>; throws with its output when it finds fault.</summary>
    public static async Task CheckAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(ToolProgram, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"promtool {string.Join(' ', arguments)}: {await output}{errors}");
        }
    }

    /// <summary>The values that an expression has now, by the labels of each series as <c>key=value</c> in the order of keys; the
    /// labels of the scrape are left out.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueryAsync(string expression)
    {
        var results = await GetAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}");
        return results.GetProperty("result").EnumerateArray().ToDictionary(
            series => Labels(series.GetProperty("metric")),
            series => double.Parse(series.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The trace ids of the exemplars of the last hour.</summary>
    public async Task<IReadOnlyList<string>> QueryExemplarsAsync(string expression)
    {
        var now = DateTimeOffset.UtcNow;
        var results = await GetAsync(
            $"api/v1/query_exemplars?query={Uri.EscapeDataString(expression)}&start={now.AddHours(-1).ToUnixTimeSeconds()}&end={now.AddHours(1).ToUnixTimeSeconds()}");
        return [.. results.EnumerateArray().SelectMany(series => series.GetProperty("exemplars").EnumerateArray())
            .Select(e => e.GetProperty("labels").GetProperty("trace_id").GetString()!)];
    }

    /// <summary>Asks again until the answer will do.</summary>
    public async Task<IReadOnlyDictionary<string, double>> WaitAsync(string expression, Func<IReadOnlyDictionary<string, double>, bool> isThere)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var found = await QueryAsync(expression);
            if (isThere(found))
            {
                return found;
            }

            if (waiting.Elapsed > Patience)
            {
                throw new TimeoutException($"{expression} is still {string.Join(", ", found)}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Reads the server's log until it serves; what it logs afterwards goes nowhere.</summary>
    private static async Task<Uri> ReadAddressAsync(Process process)
    {
        string? address = null;
        var log = new List<string>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            log.Add(line);
            address = Listening().Match(line) is { Success: true } match ? match.Groups[1].Value : address;
            if (address is not null && line.Contains("Server is ready", StringComparison.Ordinal))
            {
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return new Uri($"http://{address}/");
            }
        }

        throw new InvalidOperationException($"Prometheus did not start: {string.Join('\n', log)}");
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(body);
        return response.IsSuccessStatusCode ? document.RootElement.GetProperty("data").Clone() : throw new InvalidOperationException($"{path}: {body}");
    }

    private static string Labels(JsonElement metric) => string.Join(' ', metric.EnumerateObject()
        .Where(l => l.Name is not ("job" or "instance" or "__name__") && !l.Name.StartsWith("otel_scope", StringComparison.Ordinal))
        .Select(l => $"{l.Name}={l.Value.GetString()}")
        .Order(StringComparer.Ordinal));

    [GeneratedRegex("msg=\"Listening on\" address=(\\S+)")]
    private static partial Regex Listening();
}
