using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx;

/// <summary>Reads the calls out of what stands between the marks of a <see cref="ToolCallFormat"/>.</summary>
internal static class ToolCallParser
{
    /// <summary>The calls of a text; null when it is anything but calls.</summary>
    /// <param name="text">The text between the marks.</param>
    /// <param name="names">The names that calls must have; null when the marks tell calls from other text.</param>
    public static List<FunctionCallContent>? Parse(string text, IReadOnlySet<string>? names)
    {
        var calls = text.AsSpan().TrimStart() is ['{' or '[', ..] ? ParseJson(text) : ParseMarked(text);
        return calls is { Count: > 0 } && (names is null || calls.TrueForAll(c => names.Contains(c.Name))) ? calls : null;
    }

    /// <summary>Where a mark stands that is not a part of a JSON string; -1 when it does not.</summary>
    public static int IndexOutsideOfStrings(string text, string mark)
    {
        var isInString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!isInString && string.CompareOrdinal(text, i, mark, 0, mark.Length) == 0)
            {
                return i;
            }

            if (text[i] == '"')
            {
                isInString = !isInString;
            }
            else if (isInString && text[i] == '\\')
            {
                i++;
            }
        }

        return -1;
    }

    /// <summary><c>name[ARGS]{…}</c>, several after one another with <c>[TOOL_CALLS]</c> between them.</summary>
    private static List<FunctionCallContent>? ParseMarked(string text)
    {
        const string Next = "[TOOL_CALLS]";
        var calls = new List<FunctionCallContent>();
        while (!string.IsNullOrWhiteSpace(text))
        {
            var end = IndexOutsideOfStrings(text, Next);
            var part = end < 0 ? text : text[..end];
            text = end < 0 ? "" : text[(end + Next.Length)..];
            var mark = part.IndexOf(ToolCallFormat.ArgumentsMark, StringComparison.Ordinal);
            var name = mark < 0 ? "" : part[..mark].Split(ToolCallFormat.CallIdMark)[0].Trim();
            if (name.Length == 0 || ReadValues(part[(mark + ToolCallFormat.ArgumentsMark.Length)..]) is not [{ ValueKind: JsonValueKind.Object } arguments])
            {
                return null;
            }

            calls.Add(NewCall(name, arguments));
        }

        return calls;
    }

    private static List<FunctionCallContent>? ParseJson(string text)
    {
        if (ReadValues(text) is not { } values)
        {
            return null;
        }

        var calls = new List<FunctionCallContent>();
        foreach (var value in values.SelectMany(v => v.ValueKind == JsonValueKind.Array ? v.EnumerateArray().AsEnumerable() : [v]))
        {
            if (ReadCall(value) is not { } call)
            {
                return null;
            }

            calls.Add(call);
        }

        return calls;
    }

    private static FunctionCallContent? ReadCall(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (value.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object)
        {
            value = function;
        }

        if (!value.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || name.GetString() is not { Length: > 0 } text)
        {
            return null;
        }

        if (!value.TryGetProperty("arguments", out var arguments) && !value.TryGetProperty("parameters", out arguments))
        {
            return NewCall(text, default);
        }

        // Some models write the arguments as a string that holds JSON.
        if (arguments.ValueKind == JsonValueKind.String && ReadValues(arguments.GetString()!) is [var inner])
        {
            arguments = inner;
        }

        return arguments.ValueKind is JsonValueKind.Object or JsonValueKind.Null ? NewCall(text, arguments) : null;
    }

    /// <summary>Nine letters and digits, which is what Mistral's templates demand of an id.</summary>
    private static FunctionCallContent NewCall(string name, JsonElement arguments) => new(
        Guid.NewGuid().ToString("N")[..9],
        name,
        arguments.ValueKind == JsonValueKind.Object ? arguments.EnumerateObject().ToDictionary(p => p.Name, object? (p) => p.Value) : new Dictionary<string, object?>());

    /// <summary>The JSON values of a text, with white space, commas or semicolons between them; null when it holds anything else.</summary>
    private static List<JsonElement>? ReadValues(string text)
    {
        var values = new List<JsonElement>();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (!(rest = rest.TrimStart(" \t\r\n;,"u8)).IsEmpty)
        {
            try
            {
                var reader = new Utf8JsonReader(rest);
                using var document = JsonDocument.ParseValue(ref reader);
                values.Add(document.RootElement.Clone());
                rest = rest[(int)reader.BytesConsumed..];
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return values;
    }
}
