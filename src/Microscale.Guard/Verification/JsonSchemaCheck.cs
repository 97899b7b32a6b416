using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard;

/// <summary>Checks JSON against the part of JSON Schema (draft 2020-12) that schemas for models use.</summary>
/// <remarks>A rule that it does not know is refused, and not skipped: what is not checked must not count as kept. Immutable and
/// safe for concurrent callers.</remarks>
internal sealed class JsonSchemaCheck
{
    private const int DeepestNesting = 64;

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Annotations =
    [
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly",
    ];

    private readonly JsonElement _root;

    /// <exception cref="NotSupportedException">The schema holds a rule that is not known.</exception>
    public JsonSchemaCheck(JsonElement schema)
    {
        _root = schema;
        CheckKnown(schema, "#");
    }

    /// <summary>The first rule that a value breaks, with its place; null when it keeps all.</summary>
    public string? FirstError(JsonElement value) => Check(_root, value, "$", 0);

    private string? Check(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > DeepestNesting)
        {
            return $"{path} is nested too deeply.";
        }

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.ValueKind == JsonValueKind.True ? null : $"{path} is not allowed.";
        }

        foreach (var rule in schema.EnumerateObject())
        {
            if (CheckRule(schema, rule.Name, rule.Value, value, path, depth) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private string? CheckRule(JsonElement schema, string rule, JsonElement wanted, JsonElement value, string path, int depth) => rule switch
    {
        "$ref" => Check(Resolve(wanted.GetString()!), value, path, depth + 1),
        "type" => IsOfType(wanted, value) ? null : $"{path} must be {Words(wanted)}.",
        "enum" => wanted.EnumerateArray().Any(w => JsonElement.DeepEquals(w, value)) ? null : $"{path} must be one of {wanted.GetRawText()}.",
        "const" => JsonElement.DeepEquals(wanted, value) ? null : $"{path} must be {wanted.GetRawText()}.",
        "allOf" => wanted.EnumerateArray().Select(w => Check(w, value, path, depth + 1)).FirstOrDefault(e => e is not null),
        "anyOf" => Matches(wanted, value, path, depth) > 0 ? null : $"{path} fits none of the allowed forms.",
        "oneOf" => Matches(wanted, value, path, depth) == 1 ? null : $"{path} must fit exactly one of the allowed forms.",
        "not" => Check(wanted, value, path, depth + 1) is null ? $"{path} has a form that is not allowed." : null,
        _ => value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(schema, rule, wanted, value, path, depth),
            JsonValueKind.Array => CheckArray(schema, rule, wanted, value, path, depth),
            JsonValueKind.String => CheckString(rule, wanted, value.GetString()!, path),
            JsonValueKind.Number => CheckNumber(rule, wanted, value, path),
            _ => null,
        },
    };

    private string? CheckObject(JsonElement schema, string rule, JsonElement wanted, JsonElement value, string path, int depth)
    {
        switch (rule)
        {
            case "required":
                return wanted.EnumerateArray().FirstOrDefault(n => !value.TryGetProperty(n.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing
                    ? $"{path} lacks {missing.GetString()}." : null;
            case "minProperties":
                return value.EnumerateObject().Count() >= wanted.GetInt32() ? null : $"{path} must have at least {wanted} properties.";
            case "maxProperties":
                return value.EnumerateObject().Count() <= wanted.GetInt32() ? null : $"{path} must have at most {wanted} properties.";
            case "properties":
                return Each(p => wanted.TryGetProperty(p.Name, out var own) ? own : null);
            case "patternProperties":
                return wanted.EnumerateObject().Select(pattern => Each(p => IsMatch(p.Name, pattern.Name) ? pattern.Value : null)).FirstOrDefault(e => e is not null);
            case "additionalProperties":
                return Each(p => IsNamed(schema, p.Name) ? null : wanted);
            default:
                return null;
        }

        string? Each(Func<JsonProperty, JsonElement?> schemaOf) => value.EnumerateObject()
            .Select(p => schemaOf(p) is { } own ? Check(own, p.Value, $"{path}.{p.Name}", depth + 1) : null)
            .FirstOrDefault(e => e is not null);
    }

    private string? CheckArray(JsonElement schema, string rule, JsonElement wanted, JsonElement value, string path, int depth)
    {
        switch (rule)
        {
            case "minItems":
                return value.GetArrayLength() >= wanted.GetInt32() ? null : $"{path} must have at least {wanted} items.";
            case "maxItems":
                return value.GetArrayLength() <= wanted.GetInt32() ? null : $"{path} must have at most {wanted} items.";
            case "uniqueItems":
                JsonElement[] items = [.. value.EnumerateArray()];
                return wanted.ValueKind == JsonValueKind.True && items.Where((item, i) => items.Take(i).Any(other => JsonElement.DeepEquals(item, other))).Any()
                    ? $"{path} must not hold the same item twice." : null;
            case "prefixItems":
                return wanted.EnumerateArray().Zip(value.EnumerateArray()).Select((pair, i) => Check(pair.First, pair.Second, Item(i), depth + 1)).FirstOrDefault(e => e is not null);
            case "items":
                var prefix = schema.TryGetProperty("prefixItems", out var first) ? first.GetArrayLength() : 0;
                return value.EnumerateArray().Skip(prefix).Select((item, i) => Check(wanted, item, Item(prefix + i), depth + 1)).FirstOrDefault(e => e is not null);
            default:
                return null;
        }

        string Item(int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
    }

    private static string? CheckString(string rule, JsonElement wanted, string value, string path) => rule switch
    {
        "minLength" => value.EnumerateRunes().Count() >= wanted.GetInt32() ? null : $"{path} must have at least {wanted} characters.",
        "maxLength" => value.EnumerateRunes().Count() <= wanted.GetInt32() ? null : $"{path} must have at most {wanted} characters.",
        "pattern" => IsMatch(value, wanted.GetString()!) ? null : $"{path} must match {wanted.GetString()}.",
        _ => null,
    };

    private static string? CheckNumber(string rule, JsonElement wanted, JsonElement value, string path)
    {
        var (isKept, words) = rule switch
        {
            "minimum" => (value.GetDouble() >= wanted.GetDouble(), "at least"),
            "maximum" => (value.GetDouble() <= wanted.GetDouble(), "at most"),
            "exclusiveMinimum" => (value.GetDouble() > wanted.GetDouble(), "above"),
            "exclusiveMaximum" => (value.GetDouble() < wanted.GetDouble(), "below"),
            "multipleOf" => (value.TryGetDecimal(out var v) && wanted.TryGetDecimal(out var of) && of != 0 && v % of == 0, "a multiple of"),
            _ => (true, ""),
        };
        return isKept ? null : $"{path} must be {words} {wanted}.";
    }

    private int Matches(JsonElement forms, JsonElement value, string path, int depth) =>
        forms.EnumerateArray().Count(f => Check(f, value, path, depth + 1) is null);

    private static bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(p => IsMatch(name, p.Name)));

    private static bool IsOfType(JsonElement wanted, JsonElement value) => wanted.ValueKind == JsonValueKind.Array
        ? wanted.EnumerateArray().Any(w => IsOfType(w, value))
        : wanted.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.Null,
        };

    private static string Words(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(t => t.GetString()))
        : type.GetString()!;

    private static bool IsMatch(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTimeout);

    private static void CheckPattern(string pattern, string place)
    {
        try
        {
            IsMatch("", pattern);
        }
        catch (ArgumentException exception)
        {
            throw new NotSupportedException($"{place} of the schema is no regular expression that can be read: {pattern}", exception);
        }
    }

    private JsonElement Resolve(string reference)
    {
        var target = _root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            target = target.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < target.GetArrayLength()
                ? target[index]
                : target.ValueKind == JsonValueKind.Object && target.TryGetProperty(name, out var next)
                ? next
                : throw new NotSupportedException($"The schema refers to {reference}, which is not in it.");
        }

        return target;
    }

    private void CheckKnown(JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw new NotSupportedException($"{path} of the schema is no schema: it must be an object, true or false.");
        }

        foreach (var rule in schema.EnumerateObject())
        {
            var place = $"{path}/{rule.Name}";
            switch (rule.Name)
            {
                case "$ref" when rule.Value.GetString() is { } reference && reference.StartsWith('#'):
                    Resolve(reference);
                    break;
                case "type" or "enum" or "const" or "required" or "minProperties" or "maxProperties" or "minItems" or "maxItems" or "uniqueItems"
                    or "minLength" or "maxLength" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf":
                    break;
                case "pattern":
                    CheckPattern(rule.Value.GetString()!, place);
                    break;
                case "properties" or "patternProperties" or "$defs" or "definitions":
                    foreach (var part in rule.Value.EnumerateObject())
                    {
                        if (rule.Name == "patternProperties")
                        {
                            CheckPattern(part.Name, place);
                        }

                        CheckKnown(part.Value, $"{place}/{part.Name}");
                    }

                    break;
                case "additionalProperties" or "items" or "not":
                    CheckKnown(rule.Value, place);
                    break;
                case "prefixItems" or "anyOf" or "oneOf" or "allOf":
                    foreach (var part in rule.Value.EnumerateArray())
                    {
                        CheckKnown(part, place);
                    }

                    break;
                default:
                    if (!Annotations.Contains(rule.Name))
                    {
                        throw new NotSupportedException($"The rule {place} of the schema is not supported: leave it out, or check it with a verifier of your own.");
                    }

                    break;
            }
        }
    }
}
