using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The keywords about types, numbers and strings.</summary>
internal sealed class ScalarKeywords(RegexBuilder regexes, NumberTexts numbers, TextAlgebra numberSets, TextAlgebra stringSets, CompileContext context)
{
    private static readonly string[] s_types = ["null", "boolean", "object", "array", "number", "string", "integer"];

    /// <summary>The types that a schema allows by itself.</summary>
    public static IReadOnlyCollection<string> Types(SchemaNode node)
    {
        if (!node.TryGet("type", out var value)) return s_types;
        var names = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        return [.. names.Select(name => name.ValueKind == JsonValueKind.String && s_types.Contains(name.GetString()!, StringComparer.Ordinal)
            ? name.GetString()!
            : throw new JsonSchemaException("type", node.Pointer, $"{name.GetRawText()} is not one of {string.Join(", ", s_types)}"))];
    }

    public TextSet Numbers(SchemaNode node, IReadOnlyCollection<string> types)
    {
        if (!types.Contains("number") && !types.Contains("integer")) return numberSets.Nothing;

        var result = types.Contains("number") ? numberSets.Everything : numberSets.Regex(numbers.Integers);
        bool oldMinimum = IsTrue(node, "exclusiveMinimum"), oldMaximum = IsTrue(node, "exclusiveMaximum");
        if (Number(node, "minimum") is { } minimum) Keep(numbers.AtLeast(minimum, oldMinimum));
        if (Number(node, "maximum") is { } maximum) Keep(numbers.AtMost(maximum, oldMaximum));
        if (Number(node, "exclusiveMinimum") is { } above) Keep(numbers.AtLeast(above, true));
        if (Number(node, "exclusiveMaximum") is { } below) Keep(numbers.AtMost(below, true));
        if (Number(node, "multipleOf") is { } divisor)
        {
            if (divisor.Negative || divisor.IsZero) throw new JsonSchemaException("multipleOf", node.Pointer, "it has to be more than 0");
            if (numbers.MultiplesOf(divisor) is { } multiples) Keep(multiples);
            else context.Refuse("multipleOf", node.Pointer, "the number has more than 18 digits");
        }

        return result;

        void Keep(RegexNode some) => result = numberSets.And(result, numberSets.Regex(some));
    }

    public TextSet Strings(SchemaNode node, IReadOnlyCollection<string> types)
    {
        if (!types.Contains("string")) return stringSets.Nothing;

        var result = stringSets.Everything;
        int min = Count(node, "minLength") ?? 0, max = Count(node, "maxLength") ?? RegexNode.Unbounded;
        if (min > max) return stringSets.Nothing;
        if (min > 0 || max != RegexNode.Unbounded)
            result = stringSets.Regex(regexes.Repeat(regexes.AnyCodePoint, min, max));
        if (node.TryGet("pattern", out var pattern)) result = stringSets.And(result, Pattern(node, "pattern", Text(node, "pattern", pattern)));
        if (node.TryGet("format", out var format) && context.Options.Formats == JsonFormats.Assert)
            result = stringSets.And(result, Format(node, Text(node, "format", format)));
        return result;
    }

    /// <summary>The texts in which a pattern is found.</summary>
    public TextSet Pattern(SchemaNode node, string keyword, string pattern)
    {
        try
        {
            var regex = regexes.Parse(pattern, RegexMatch.Anywhere);
            // Patterns such as ".*" and "" are common; to see them as what they are keeps all that is built on them small.
            return regexes.IsSubset(regexes.AnyText, regex) ? stringSets.Everything : stringSets.Regex(regex);
        }
        catch (GrammarSyntaxException e)
        {
            context.Refuse(keyword, node.Pointer, $"'{pattern}': {e.Message}");
            return stringSets.Everything;
        }
    }

    public static string Text(SchemaNode node, string keyword, JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new JsonSchemaException(keyword, node.Pointer, "it has to be a string");

    /// <summary>The value of a keyword that counts, or null where it is absent.</summary>
    public static int? Count(SchemaNode node, string keyword)
    {
        if (!node.TryGet(keyword, out var value)) return null;
        return JsonDecimal.Count(value) ?? throw new JsonSchemaException(keyword, node.Pointer, "it has to be a whole number, not below 0");
    }

    private TextSet Format(SchemaNode node, string format)
    {
        if (Formats.Pattern(format) is not { } pattern)
        {
            context.Warn("format", node.Pointer, $"'{format}' is not known, and constrains nothing");
            return stringSets.Everything;
        }

        var regex = regexes.Parse(pattern, RegexMatch.Whole);
        int max = Formats.MaxLength(format);
        return stringSets.Regex(max == RegexNode.Unbounded ? regex : regexes.And(regex, regexes.Repeat(regexes.AnyCodePoint, 0, max)));
    }

    private static bool IsTrue(SchemaNode node, string keyword) =>
        node.TryGet(keyword, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonDecimal? Number(SchemaNode node, string keyword)
    {
        if (!node.TryGet(keyword, out var value)) return null;
        bool old = keyword is "exclusiveMinimum" or "exclusiveMaximum" && value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        if (old) return null;
        if (value.ValueKind != JsonValueKind.Number) throw new JsonSchemaException(keyword, node.Pointer, "it has to be a number");
        return JsonDecimal.Parse(value.GetRawText()) ?? throw new JsonSchemaException(keyword, node.Pointer, "it has more than 400 digits");
    }
}
