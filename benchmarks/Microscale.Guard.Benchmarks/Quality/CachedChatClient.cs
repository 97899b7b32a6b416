using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Benchmarks.Quality;

/// <summary>Keeps the answers of a model in a file, so that a change of anything but the model is measured in seconds.</summary>
internal sealed class CachedChatClient : DelegatingChatClient
{
    private readonly Dictionary<string, string> _known = [];
    private readonly StreamWriter _file;

    public CachedChatClient(IChatClient model, string path)
        : base(model)
    {
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            _known[line[..tab]] = line[(tab + 1)..];
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> asked = [.. messages];
        var key = Key(asked, options);
        string? json;
        lock (_known)
        {
            _known.TryGetValue(key, out json);
        }

        if (json is null)
        {
            json = JsonSerializer.Serialize(await base.GetResponseAsync(asked, options, cancellationToken), AIJsonUtilities.DefaultOptions).ReplaceLineEndings("");
            lock (_known)
            {
                _known[key] = json;
                _file.WriteLine($"{key}\t{json}");
            }
        }

        return JsonSerializer.Deserialize<ChatResponse>(json, AIJsonUtilities.DefaultOptions)!;
    }

    /// <summary>Nothing inside may be asked past the cache.</summary>
    public override object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? base.GetService(serviceType, serviceKey) : null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Key(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var settings = $"{options?.Temperature}/{options?.Seed}/{options?.MaxOutputTokens}/{options?.TopK}/{options?.TopP}/{options.GetRequestedLogProbabilities()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            settings + string.Concat(messages.Select(m => $"\0{m.Role}\0{m.Text}"))))[..20]);
    }
}
