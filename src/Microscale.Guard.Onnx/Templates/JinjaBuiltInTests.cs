using System.Collections.Frozen;

namespace Microscale.Guard.Onnx;

/// <summary>Asks something of a value: <c>value is test(arguments)</c>.</summary>
internal delegate bool JinjaTest(object? value, JinjaArguments arguments);

/// <summary>The tests that templates may use.</summary>
internal static class JinjaBuiltInTests
{
    private static readonly FrozenDictionary<string, JinjaTest> s_tests = Create().ToFrozenDictionary(StringComparer.Ordinal);

    public static JinjaTest? Find(string name) => s_tests.GetValueOrDefault(name);

    public static JinjaException Unknown(string name) =>
        new($"the test '{name}' is not supported; there are {string.Join(", ", s_tests.Keys.Order(StringComparer.Ordinal))}");

    private static Dictionary<string, JinjaTest> Create()
    {
        var tests = new Dictionary<string, JinjaTest>
        {
            ["boolean"] = (v, _) => v is bool,
            ["callable"] = (v, _) => v is JinjaFunction,
            ["defined"] = (v, _) => v is not JinjaUndefined,
            ["divisibleby"] = (v, a) => JinjaOperators.Arithmetic("%", v, a.Require(0, "num")) is 0L or 0.0,
            ["even"] = (v, _) => JinjaValues.ToInteger(v) % 2 == 0,
            ["false"] = (v, _) => v is false,
            ["float"] = (v, _) => v is double,
            ["in"] = (v, a) => JinjaOperators.Contains(a.Require(0, "seq"), v),
            ["integer"] = (v, _) => v is long,
            ["iterable"] = (v, _) => v is List<object?> or TemplateText or JinjaMap or JinjaUndefined,
            ["lower"] = (v, _) => JinjaValues.Print(v).Value is var s && s.Any(char.IsLower) && !s.Any(char.IsUpper),
            ["mapping"] = (v, _) => v is JinjaMap,
            ["none"] = (v, _) => v is null,
            ["number"] = (v, _) => v is long or double or bool,
            ["odd"] = (v, _) => JinjaValues.ToInteger(v) % 2 != 0,
            ["sameas"] = (v, a) => a.Require(0, "other") is var other && (v is null or bool or long ? Equals(v, other) : ReferenceEquals(v, other)),
            ["sequence"] = (v, _) => v is List<object?> or TemplateText or JinjaMap or JinjaUndefined,
            ["string"] = (v, _) => v is TemplateText,
            ["true"] = (v, _) => v is true,
            ["undefined"] = (v, _) => v is JinjaUndefined,
            ["upper"] = (v, _) => JinjaValues.Print(v).Value is var s && s.Any(char.IsUpper) && !s.Any(char.IsLower),
        };
        foreach (var (names, symbol) in (ReadOnlySpan<(string[], string)>)
            [
                (["eq", "equalto", "=="], "=="), (["ne", "!="], "!="), (["lt", "lessthan", "<"], "<"), (["le", "<="], "<="),
                (["gt", "greaterthan", ">"], ">"), (["ge", ">="], ">="),
            ])
        {
            foreach (var name in names)
            {
                tests[name] = (v, a) => JinjaOperators.Holds(symbol, v, a.Require(0, "other"));
            }
        }

        return tests;
    }
}
