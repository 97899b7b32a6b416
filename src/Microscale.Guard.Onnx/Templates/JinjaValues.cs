using System.Globalization;
using System.Text.Json;

namespace Microscale.Guard.Onnx;

/// <summary>What a variable is that nobody set: empty where it is written, an error where more is asked of it.</summary>
internal sealed record JinjaUndefined(string Name)
{
    public JinjaException Error => new($"'{Name}' is not defined");
}

/// <summary>The arguments of a call, a filter or a test.</summary>
internal sealed record JinjaArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static JinjaArguments None { get; } = new([], new Dictionary<string, object?>());

    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    public object? Get(int index, string name, object? missing = null) =>
        index < Positional.Count ? Positional[index] : Named.GetValueOrDefault(name, missing);

    public object? Require(int index, string name) =>
        Has(index, name) ? Get(index, name) : throw new JinjaException($"the argument '{name}' is missing");

    public JinjaArguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}

/// <summary>Something that can be called: a macro, a method, a global function.</summary>
internal delegate object? JinjaFunction(JinjaContext context, JinjaArguments arguments);

/// <summary>A mapping, in the order in which it was filled.</summary>
internal sealed class JinjaMap : OrderedDictionary<string, object?>
{
    public JinjaMap()
        : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>What <c>namespace()</c> makes: values that inner parts of a template may change.</summary>
internal sealed record JinjaNamespace(JinjaMap Values);

/// <summary>The values of templates and how they behave: none (null), true and false, integers (long), floats (double),
/// <see cref="TemplateText"/>, lists, <see cref="JinjaMap"/>, <see cref="JinjaUndefined"/> and what can be called. As in Python.</summary>
internal static class JinjaValues
{
    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool b => b,
        long l => l != 0,
        double d => d != 0,
        TemplateText t => t.Length > 0,
        List<object?> list => list.Count > 0,
        JinjaMap map => map.Count > 0,
        _ => true,
    };

    public static string TypeName(object? value) => value switch
    {
        null => "none",
        bool => "a truth value",
        long => "an integer",
        double => "a float",
        TemplateText => "a string",
        List<object?> => "a list",
        JinjaMap => "a mapping",
        JinjaUndefined u => $"the undefined '{u.Name}'",
        JinjaFunction => "a function",
        _ => "an object",
    };

    public static bool AreEqual(object? left, object? right)
    {
        if (AsNumber(left) is { } x && AsNumber(right) is { } y)
        {
            return left is long a && right is long b ? a == b : x == y;
        }

        return (left, right) switch
        {
            (null, null) or (JinjaUndefined, JinjaUndefined) => true,
            (TemplateText a, TemplateText b) => a.Equals(b),
            (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
            (JinjaMap a, JinjaMap b) => a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var other) && AreEqual(p.Value, other)),
            _ => left is not null && ReferenceEquals(left, right),
        };
    }

    /// <exception cref="JinjaException">The two have no order.</exception>
    public static int Compare(object? left, object? right) =>
        AsNumber(left) is { } x && AsNumber(right) is { } y ? x.CompareTo(y)
        : left is TemplateText a && right is TemplateText b ? string.CompareOrdinal(a.Value, b.Value)
        : throw Unfit(left, right, "cannot be compared");

    public static JinjaException Unfit(object? left, object? right, string fault) =>
        left is JinjaUndefined u ? u.Error
        : right is JinjaUndefined v ? v.Error
        : new JinjaException($"{TypeName(left)} and {TypeName(right)} {fault}");

    /// <summary>The value as a number; truth values are 0 and 1.</summary>
    public static double? AsNumber(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        long l => l,
        double d => d,
        _ => null,
    };

    /// <exception cref="JinjaException">The value is no integer.</exception>
    public static long ToInteger(object? value) => value switch
    {
        long l => l,
        bool b => b ? 1 : 0,
        _ => throw new JinjaException($"an integer is needed, not {TypeName(value)}"),
    };

    /// <exception cref="JinjaException">The value is no text.</exception>
    public static TemplateText ToText(object? value) => value switch
    {
        TemplateText t => t,
        JinjaUndefined u => throw u.Error,
        _ => throw new JinjaException($"a string is needed, not {TypeName(value)}"),
    };

    /// <summary>The members of a list, the characters of a text, or the keys of a mapping.</summary>
    /// <exception cref="JinjaException">The value has none.</exception>
    public static List<object?> ToList(object? value) => value switch
    {
        List<object?> list => list,
        JinjaUndefined => [],
        JinjaMap map => [.. map.Keys.Select(TemplateText.FromData)],
        TemplateText text => Characters(text),
        _ => throw new JinjaException($"{TypeName(value)} has no members to go through"),
    };

    /// <summary>What is written where a value is put out: <c>str()</c>.</summary>
    public static TemplateText Print(object? value) => value switch
    {
        TemplateText t => t,
        JinjaUndefined => TemplateText.Empty,
        _ => TemplateText.FromData(Spell(value)),
    };

    public static object? FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JinjaMap();
                foreach (var property in element.EnumerateObject())
                {
                    map[property.Name] = FromJson(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(FromJson).ToList();
            case JsonValueKind.String:
                return TemplateText.FromData(element.GetString()!);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var integer) ? integer : (object)element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }

    /// <summary>A float as Python spells it.</summary>
    public static string Spell(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsNaN(value) ? "nan"
            : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf")
            : text.AsSpan().IndexOfAny(".E") >= 0 ? text.Replace("E", "e", StringComparison.Ordinal)
            : text + ".0";
    }

    private static List<object?> Characters(TemplateText text)
    {
        var characters = new List<object?>();
        for (var at = 0; at < text.Length;)
        {
            var width = char.IsHighSurrogate(text.Value[at]) && at + 1 < text.Length && char.IsLowSurrogate(text.Value[at + 1]) ? 2 : 1;
            characters.Add(text.Slice(at, width));
            at += width;
        }

        return characters;
    }

    private static string Spell(object? value) => value switch
    {
        null => "None",
        bool b => b ? "True" : "False",
        long l => l.ToString(CultureInfo.InvariantCulture),
        double d => Spell(d),
        List<object?> list => $"[{string.Join(", ", list.Select(Quote))}]",
        JinjaMap map => $"{{{string.Join(", ", map.Select(p => $"{Quote(TemplateText.FromData(p.Key))}: {Quote(p.Value)}"))}}}",
        _ => throw new JinjaException($"{TypeName(value)} cannot be written"),
    };

    /// <summary>What Python's <c>repr()</c> gives, as in a list that is written.</summary>
    private static string Quote(object? value)
    {
        if (value is not TemplateText { Value: var text })
        {
            return Spell(value);
        }

        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        return quote + (quote == '\'' ? escaped.Replace("'", "\\'", StringComparison.Ordinal) : escaped) + quote;
    }
}
