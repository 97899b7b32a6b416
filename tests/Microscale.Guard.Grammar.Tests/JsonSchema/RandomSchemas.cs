using System.Globalization;
using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Small random schemas and values that often meet.</summary>
internal static class RandomSchemas
{
    private static readonly Gen<string> s_name = Gen.OneOf("a", "b", "c", "ab");
    private static readonly Gen<string> s_number = Gen.OneOf("0", "1", "2", "-1", "1.5", "0.25", "10", "-12.75", "100");
    private static readonly Gen<string> s_text = Gen.OneOf("", "a", "b", "ab", "abc", "é", "ba");
    private static readonly Gen<string> s_scalar =
        Gen.OneOf(Gen.OneOf("null", "true", "false"), s_number, s_text.Select(text => $"\"{text}\""));

    public static Gen<string> Value { get; } = ValueOf(2);

    public static Gen<string> Schema { get; } = SchemaOf(3);

    private static Gen<string> ValueOf(int depth) => depth == 0
        ? s_scalar
        : Gen.Frequency(
            (2, s_scalar),
            (2, ValueOf(depth - 1).Array[0, 3].Select(items => $"[{string.Join(',', items)}]")),
            (3, Gen.Select(s_name, ValueOf(depth - 1)).Array[0, 3].Select(pairs =>
                $"{{{string.Join(',', pairs.DistinctBy(pair => pair.Item1).Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}")));

    private static Gen<string> SchemaOf(int depth)
    {
        var simple = Gen.OneOf(
            Gen.OneOf("\"null\"", "\"boolean\"", "\"integer\"", "\"number\"", "\"string\"", "\"array\"", "\"object\"", "[\"object\",\"array\"]", "[\"string\",\"number\"]")
                .Select(type => $"\"type\":{type}"),
            Gen.Select(Gen.OneOf("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), s_number, Pair),
            Gen.Select(Gen.Const("multipleOf"), Gen.OneOf("2", "0.5", "3", "0.25"), Pair),
            Gen.Select(Gen.OneOf("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), Gen.Int[0, 2].Select(Text), Pair),
            Gen.Select(Gen.Const("pattern"), Gen.OneOf("\"^a\"", "\"b$\"", "\"^[ab]*$\"", "\"b\""), Pair),
            Gen.Select(Gen.Const("required"), s_name.Array[0, 2].Select(names => $"[{string.Join(',', names.Distinct().Select(name => $"\"{name}\""))}]"), Pair),
            Gen.Select(Gen.Const("dependentRequired"), Gen.Select(s_name, s_name, (name, other) => $"{{\"{name}\":[\"{other}\"]}}"), Pair),
            Gen.Select(Gen.Const("enum"), ValueOf(1).Array[1, 3].Select(values => $"[{string.Join(',', values.Distinct())}]"), Pair),
            Gen.Select(Gen.Const("const"), ValueOf(1), Pair));
        if (depth == 0) return Join(simple.Array[0, 2]);

        var inner = Gen.Frequency((1, Gen.OneOf("true", "false")), (5, SchemaOf(depth - 1)));
        var list = inner.Array[1, 3].Select(schemas => $"[{string.Join(',', schemas)}]");
        var map = Gen.Select(s_name, inner).Array[1, 2].Select(pairs => $"{{{string.Join(',', pairs.DistinctBy(pair => pair.Item1).Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}");
        var patterns = Gen.Select(Gen.OneOf("^a", "b"), inner, (pattern, schema) => $"{{\"{pattern}\":{schema}}}");
        var deep = Gen.OneOf(
            Gen.Select(Gen.OneOf("properties", "properties", "dependentSchemas"), map, Pair),
            Gen.Select(Gen.Const("patternProperties"), patterns, Pair),
            Gen.Select(Gen.OneOf("additionalProperties", "items", "not", "propertyNames", "contains", "unevaluatedProperties", "unevaluatedItems"), inner, Pair),
            Gen.Select(Gen.OneOf("anyOf", "oneOf", "allOf", "prefixItems"), list, Pair),
            Gen.Select(inner, inner, inner, (test, then, otherwise) => $"\"if\":{test},\"then\":{then},\"else\":{otherwise}"),
            Gen.Select(inner, Gen.Int[0, 2], Gen.Int[1, 2], (kind, min, max) => $"\"contains\":{kind},\"minContains\":{min},\"maxContains\":{max}"));
        return Join(Gen.OneOf(simple, deep).Array[1, 4]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Pair(string keyword, string value) => $"\"{keyword}\":{value}";

    private static Gen<string> Join(Gen<string[]> keywords) =>
        keywords.Select(parts => $"{{{string.Join(',', parts.DistinctBy(part => part[..part.IndexOf(':', StringComparison.Ordinal)]))}}}");
}
