using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>The fields of a row of separated values. An empty one counts as missing.</summary>
internal sealed class CsvRowFields(RowPlace place, IDictionary<string, string> names, IReadOnlyDictionary<string, int> header, string[] values)
    : RowFields(place, names)
{
    protected override string? ReadText(string name, string field) => Find(name);

    protected override bool? ReadFlag(string name, string field) => Find(name) is { } text ? ParseFlag(text, field) : null;

    protected override IReadOnlyList<string> ReadTexts(string name, string field)
    {
        if (Find(name) is not { } text)
        {
            return [];
        }

        if (!text.StartsWith('['))
        {
            return text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        var list = Parse(text, field);
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(e => e.GetString()!)]
            : throw Bad(field, $"says '{Shorten(text)}': write a JSON list of texts, or texts parted by |");
    }

    protected override JsonElement? ReadJson(string name, string field) => Find(name) is { } text ? Parse(text, field) : null;

    protected override IEnumerable<string> ReadNames() => header.Keys;

    private JsonElement Parse(string text, string field)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Bad(field, $"is not JSON: {exception.Message}");
        }
    }

    private string? Find(string name) => header.TryGetValue(name, out var index) && values[index].Length > 0 ? values[index] : null;
}
