using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>The fields of a JSON object.</summary>
internal sealed class JsonRowFields(RowPlace place, IDictionary<string, string> names, JsonElement row) : RowFields(place, names)
{
    protected override string? ReadText(string name, string field) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } e => e.GetString(),
        { ValueKind: JsonValueKind.Number } e => e.GetRawText(),
        { } e => throw Bad(field, $"is {KindOf(e)}: write a text"),
    };

    protected override bool? ReadFlag(string name, string field) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } e => ParseFlag(e.GetString()!, field),
        { ValueKind: JsonValueKind.Number } e => ParseFlag(e.GetRawText(), field),
        { } e => throw Bad(field, $"is {KindOf(e)}: write true or false"),
    };

    protected override IReadOnlyList<string> ReadTexts(string name, string field) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } e => [TextOf(e, field)],
        { ValueKind: JsonValueKind.Array } e => [.. e.EnumerateArray().Select(item => TextOf(item, field))],
        { } e => throw Bad(field, $"is {KindOf(e)}: write a list of texts"),
    };

    protected override JsonElement? ReadJson(string name, string field) => row.TryGetProperty(name, out var value) ? value : null;

    protected override IEnumerable<string> ReadNames() => row.EnumerateObject().Select(p => p.Name);

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private string TextOf(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Bad(field, $"holds {KindOf(value)}: write a list of texts"),
    };

    /// <summary>The value of a field; none when it is missing or null.</summary>
    private JsonElement? Find(string name) => row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
