using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>Reads a file of a JSON object a line. Empty lines are passed over.</summary>
internal static class JsonLinesFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async IAsyncEnumerable<RowFields> ReadAsync(
        string path, IDictionary<string, string> names, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(path, Strict);
        for (long line = 1; await ReadLineAsync(reader, new(path, line), cancellationToken) is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Parse(text, new(path, line), names);
            }
        }
    }

    private static async ValueTask<string?> ReadLineAsync(StreamReader reader, RowPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (DecoderFallbackException exception)
        {
            throw place.Bad("here or shortly after, the file is not UTF-8: save it as UTF-8.", exception);
        }
    }

    private static JsonRowFields Parse(string text, RowPlace place, IDictionary<string, string> names)
    {
        try
        {
            var row = JsonElement.Parse(text);
            return row.ValueKind == JsonValueKind.Object
                ? new(place, names, row)
                : throw place.Bad("the row is no JSON object: write one object a line, such as {\"question\": \"…\"}.");
        }
        catch (JsonException exception)
        {
            throw place.Bad($"the row is not JSON: {exception.Message} Write one object a line.", exception);
        }
    }
}
