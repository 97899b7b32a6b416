using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using OllamaSharp.Models.Exceptions;

namespace Microscale.Guard.Ollama;

/// <summary>Reads the lines of one response, in the order in which OllamaSharp makes updates of them.</summary>
/// <param name="alternatives">How many alternatives to ask for with each token; null to ask for no log-probabilities.</param>
internal sealed class LineCapture(int? alternatives)
{
    private readonly ConcurrentQueue<IReadOnlyList<TokenLogProbability>> _lines = new();

    /// <summary>How many alternatives to ask for with each token; null to ask for no log-probabilities.</summary>
    public int? Alternatives => alternatives;

    /// <summary>Whether the line came that ends an answer.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes the tokens of the next line; empty when it brings none.</summary>
    public bool TryTake([NotNullWhen(true)] out IReadOnlyList<TokenLogProbability>? tokens) => _lines.TryDequeue(out tokens);

    /// <summary>Reads a line.</summary>
    /// <exception cref="OllamaException">The line reports an error.</exception>
    public void Add(ReadOnlyMemory<byte> line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            // OllamaSharp will say so.
            _lines.Enqueue([]);
            return;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.String)
            {
                throw new OllamaException(error.GetString()!);
            }

            IsComplete |= root.ValueKind == JsonValueKind.Object && root.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.True;
            _lines.Enqueue(IsText(root) ? ReadTokens(root) : []);
        }
    }

    /// <summary>Whether the tokens of a line belong to the answer: those of a thought that streams do not.</summary>
    private static bool IsText(JsonElement line) =>
        line.ValueKind == JsonValueKind.Object
        && line.TryGetProperty("message", out var message)
        && message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.String
        && content.GetString()!.Length > 0;

    private static List<TokenLogProbability> ReadTokens(JsonElement line)
    {
        var tokens = new List<TokenLogProbability>();
        foreach (var token in Items(line, "logprobs"))
        {
            if (ReadToken(token) is not ({ } bytes, { } logProbability))
            {
                // A list with a hole would belong to another text.
                return [];
            }

            tokens.Add(new TokenLogProbability(bytes, logProbability)
            {
                TopAlternatives =
                [
                    .. Items(token, "top_logprobs").Select(ReadToken)
                        .Where(a => a is { Bytes: not null, LogProbability: not null })
                        .Select(a => new TokenAlternative(a.Bytes!.Value, a.LogProbability!.Value)),
                ],
            });
        }

        return tokens;
    }

    private static (ReadOnlyMemory<byte>? Bytes, double? LogProbability) ReadToken(JsonElement token)
    {
        if (token.ValueKind != JsonValueKind.Object
            || !token.TryGetProperty("logprob", out var logProbability)
            || logProbability.ValueKind != JsonValueKind.Number)
        {
            return (null, null);
        }

        byte[] bytes = [.. Items(token, "bytes").Where(b => b.ValueKind == JsonValueKind.Number && b.TryGetByte(out _)).Select(b => b.GetByte())];
        if (bytes.Length == 0 && token.TryGetProperty("token", out var text) && text.ValueKind == JsonValueKind.String)
        {
            bytes = Encoding.UTF8.GetBytes(text.GetString()!);
        }

        return (bytes, logProbability.GetDouble());
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
}
