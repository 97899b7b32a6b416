using System.Text.Json;

namespace Microscale.Guard.AspNetCore.Endpoints;

/// <summary>Reads the fields of a JSON object, and says which is not what it must be.</summary>
internal readonly struct JsonFields(JsonElement element, string path = "")
{
    public JsonElement Element => element;

    /// <summary>The field as JSON; null when it is left out or null.</summary>
    public JsonElement? Get(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public string PathOf(string name) => path.Length == 0 ? name : path + "." + name;

    public string? String(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Wrong(name, "a string", value),
    };

    public string Required(string name) => String(name) is { Length: > 0 } value
        ? value
        : throw new BadRequestException($"Missing required parameter: '{PathOf(name)}'.", PathOf(name), "missing_required_parameter");

    public bool? Bool(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, "a boolean", value),
    };

    public float? Number(string name, float least, float most)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetSingle(out var number))
        {
            throw Wrong(name, "a number", value);
        }

        return number >= least && number <= most ? number : throw OutOfRange(name, FormattableString.Invariant($"from {least} to {most}"));
    }

    public long? Integer(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            throw Wrong(name, "an integer", value);
        }

        return number >= least && number <= most ? number : throw OutOfRange(name, FormattableString.Invariant($"at least {least}"));
    }

    public JsonFields? Object(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new JsonFields(value, PathOf(name)),
        { } value => throw Wrong(name, "an object", value),
    };

    public JsonFields RequiredObject(string name) =>
        Object(name) ?? throw new BadRequestException($"Missing required parameter: '{PathOf(name)}'.", PathOf(name), "missing_required_parameter");

    /// <summary>The objects of an array; empty when it is left out.</summary>
    public IReadOnlyList<JsonFields> Objects(string name)
    {
        if (Get(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, "an array", value);
        }

        var fields = this;
        return
        [
            .. value.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Object
                ? new JsonFields(item, FormattableString.Invariant($"{fields.PathOf(name)}[{i}]"))
                : throw fields.Wrong(FormattableString.Invariant($"{name}[{i}]"), "an object", item)),
        ];
    }

    /// <summary>The strings of an array, or the one string in place of an array; null when it is left out.</summary>
    public IList<string>? Strings(string name)
    {
        var fields = this;
        return Get(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => [value.GetString()!],
            { ValueKind: JsonValueKind.Array } value =>
            [
                .. value.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.String
                    ? item.GetString()!
                    : throw fields.Wrong(FormattableString.Invariant($"{name}[{i}]"), "a string", item)),
            ],
            { } value => throw Wrong(name, "a string or an array of strings", value),
        };
    }

    public BadRequestException Wrong(string name, string expected, JsonElement actual) => new(
        $"Invalid type for '{PathOf(name)}': expected {expected}, but got {Kind(actual)} instead.", PathOf(name), "invalid_type");

    public BadRequestException Unsupported(string name, string value, string known) => new(
        $"Invalid value: '{value}'. Supported values of '{PathOf(name)}' are: {known}.", PathOf(name), "invalid_value");

    private BadRequestException OutOfRange(string name, string range) =>
        new($"Invalid '{PathOf(name)}': it must be {range}.", PathOf(name), "invalid_value");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
