using System.Collections.Frozen;
using System.Globalization;

namespace Microscale.Guard.Onnx;

/// <summary>Changes a value: <c>value|filter(arguments)</c>.</summary>
internal delegate object? JinjaFilter(JinjaContext context, object? value, JinjaArguments arguments);

/// <summary>The filters that templates may use.</summary>
internal static class JinjaFilters
{
    private static readonly FrozenDictionary<string, JinjaFilter> s_filters = Create().ToFrozenDictionary(StringComparer.Ordinal);

    public static JinjaFilter? Find(string name) => s_filters.GetValueOrDefault(name);

    /// <summary>All names, for error messages.</summary>
    public static string Names => string.Join(", ", s_filters.Keys.Order(StringComparer.Ordinal));

    private static Dictionary<string, JinjaFilter> Create() => new()
    {
        ["abs"] = (_, v, _) => v is double d ? Math.Abs(d) : (object)Math.Abs(JinjaValues.ToInteger(v)),
        ["capitalize"] = (_, v, _) => JinjaStringMethods.Capitalize(JinjaValues.Print(v)),
        ["count"] = (_, v, _) => Length(v),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = (_, v, a) => Sort(
            JinjaValues.ToList(Items(v)), a.Get(1, "by") is TemplateText { Value: "value" } ? 1L : 0L, a.Get(0, "case_sensitive", false), a.Get(2, "reverse", false)),
        ["first"] = (_, v, _) => JinjaMembers.Item(JinjaValues.ToList(v), 0L),
        ["float"] = (_, v, a) => JinjaValues.AsNumber(v)
            ?? (double.TryParse(JinjaValues.Print(v).Value, CultureInfo.InvariantCulture, out var d) ? d : a.Get(0, "default", 0.0)),
        ["indent"] = Indent,
        ["int"] = (_, v, a) => v is long l ? l
            : JinjaValues.AsNumber(v) is { } n ? (long)n
            : double.TryParse(JinjaValues.Print(v).Value, CultureInfo.InvariantCulture, out var d) ? (long)d
            : a.Get(0, "default", 0L),
        ["items"] = (_, v, _) => Items(v),
        ["join"] = (_, v, a) => JinjaStringMethods.Join(
            JinjaValues.Print(a.Get(0, "d", TemplateText.Empty)),
            a.Get(1, "attribute") is { } attribute ? [.. JinjaValues.ToList(v).Select(m => JinjaMembers.Item(m, attribute))] : JinjaValues.ToList(v)),
        ["last"] = (_, v, _) => JinjaMembers.Item(JinjaValues.ToList(v), -1L),
        ["length"] = (_, v, _) => Length(v),
        ["list"] = (_, v, _) => JinjaValues.ToList(v).ToList(),
        ["lower"] = (_, v, _) => JinjaValues.Print(v).Map(s => s.ToLowerInvariant()),
        ["map"] = Map,
        ["max"] = (_, v, _) => JinjaValues.ToList(v).DefaultIfEmpty(new JinjaUndefined("max")).Aggregate((x, y) => JinjaValues.Compare(x, y) >= 0 ? x : y),
        ["min"] = (_, v, _) => JinjaValues.ToList(v).DefaultIfEmpty(new JinjaUndefined("min")).Aggregate((x, y) => JinjaValues.Compare(x, y) <= 0 ? x : y),
        ["reject"] = (_, v, a) => Select(v, a, byAttribute: false, wanted: false),
        ["rejectattr"] = (_, v, a) => Select(v, a, byAttribute: true, wanted: false),
        ["replace"] = (_, v, a) => JinjaStringMethods.Replace(JinjaValues.Print(v), a.Require(0, "old"), a.Require(1, "new"), a.Get(2, "count", -1L)),
        ["reverse"] = (_, v, _) => Enumerable.Reverse(JinjaValues.ToList(v)).ToList() is var reversed && v is TemplateText ? JinjaMembers.Join(reversed) : reversed,
        ["round"] = (_, v, a) => Math.Round(
            JinjaValues.AsNumber(v) ?? throw JinjaValues.Unfit(v, 0L, "do not fit 'round'"), (int)JinjaValues.ToInteger(a.Get(0, "precision", 0L))),
        ["safe"] = (_, v, _) => v,
        ["select"] = (_, v, a) => Select(v, a, byAttribute: false, wanted: true),
        ["selectattr"] = (_, v, a) => Select(v, a, byAttribute: true, wanted: true),
        ["sort"] = (_, v, a) => Sort(JinjaValues.ToList(v), a.Get(2, "attribute"), a.Get(1, "case_sensitive", false), a.Get(0, "reverse", false)),
        ["string"] = (_, v, _) => JinjaValues.Print(v),
        ["sum"] = (_, v, _) => JinjaValues.ToList(v).Aggregate((object?)0L, (x, y) => JinjaOperators.Arithmetic("+", x, y)),
        ["title"] = (_, v, _) => JinjaStringMethods.Title(JinjaValues.Print(v)),
        ["tojson"] = (_, v, a) => TemplateText.FromData(JinjaJson.Write(v, a)),
        ["trim"] = (_, v, a) => JinjaStringMethods.Strip(JinjaValues.Print(v), a.Get(0, "chars"), left: true, right: true),
        ["unique"] = (_, v, _) => JinjaValues.ToList(v).Aggregate(new List<object?>(), (seen, m) =>
        {
            if (!JinjaOperators.Contains(seen, m))
            {
                seen.Add(m);
            }

            return seen;
        }),
        ["upper"] = (_, v, _) => JinjaValues.Print(v).Map(s => s.ToUpperInvariant()),
        ["wordcount"] = (_, v, _) => (long)JinjaStringMethods.Split(JinjaValues.Print(v), null, -1L, fromEnd: false).Count,
    };

    private static List<object?> Items(object? value) =>
        value is JinjaUndefined ? [] : JinjaMembers.Items(value as JinjaMap ?? throw new JinjaException($"a mapping is needed, not {JinjaValues.TypeName(value)}"));

    private static long Length(object? value) => JinjaValues.ToList(value).Count;

    private static object? Default(JinjaContext context, object? value, JinjaArguments arguments) =>
        value is JinjaUndefined || (JinjaValues.IsTrue(arguments.Get(1, "boolean", false)) && !JinjaValues.IsTrue(value))
            ? arguments.Get(0, "default_value", TemplateText.Empty)
            : value;

    private static TemplateText Indent(JinjaContext context, object? value, JinjaArguments arguments)
    {
        var width = arguments.Get(0, "width", 4L);
        var blanks = width as TemplateText ?? TemplateText.FromTemplate(new string(' ', (int)Math.Clamp(JinjaValues.ToInteger(width), 0, 64)));
        var (first, blank) = (JinjaValues.IsTrue(arguments.Get(1, "first", false)), JinjaValues.IsTrue(arguments.Get(2, "blank", false)));
        var lines = JinjaStringMethods.Split(JinjaValues.Print(value), TemplateText.FromData("\n"), -1L, fromEnd: false);
        return JinjaStringMethods.Join(
            TemplateText.FromTemplate("\n"),
            [.. lines.Select((line, i) => i == 0 ? (first ? blanks + (TemplateText)line! : line) : blank || ((TemplateText)line!).Length > 0 ? blanks + (TemplateText)line! : line)]);
    }

    private static List<object?> Map(JinjaContext context, object? value, JinjaArguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var missing = arguments.Named.TryGetValue("default", out var other);
            return JinjaValues.ToList(value).Select(m => Path(m, attribute) is var found && found is JinjaUndefined && missing ? other : found).ToList();
        }

        var name = JinjaValues.ToText(arguments.Require(0, "filter")).Value;
        var filter = Find(name) ?? throw Unknown(name);
        var rest = arguments.Skip(1);
        return JinjaValues.ToList(value).Select(m => filter(context, m, rest)).ToList();
    }

    private static List<object?> Select(object? value, JinjaArguments arguments, bool byAttribute, bool wanted)
    {
        var skipped = byAttribute ? 1 : 0;
        var name = arguments.Get(skipped, "test") is { } given ? JinjaValues.ToText(given).Value : null;
        var test = name is null ? (v, _) => JinjaValues.IsTrue(v) : JinjaBuiltInTests.Find(name) ?? throw JinjaBuiltInTests.Unknown(name);
        var rest = arguments.Skip(skipped + 1);
        return [.. JinjaValues.ToList(value).Where(m => test(byAttribute ? Path(m, arguments.Require(0, "attribute")) : m, rest) == wanted)];
    }

    private static List<object?> Sort(List<object?> members, object? attribute, object? caseSensitive, object? reverse)
    {
        var sensitive = JinjaValues.IsTrue(caseSensitive);
        var comparer = Comparer<object?>.Create(JinjaValues.Compare);
        try
        {
            return JinjaValues.IsTrue(reverse) ? [.. members.OrderByDescending(Key, comparer)] : [.. members.OrderBy(Key, comparer)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is JinjaException inner)
        {
            throw inner.At(JinjaException.NoOffset);
        }

        object? Key(object? member)
        {
            var key = attribute is null ? member : Path(member, attribute);
            return key is TemplateText text && !sensitive ? text.Map(s => s.ToLowerInvariant()) : key;
        }
    }

    /// <summary>A member by a name with dots.</summary>
    private static object? Path(object? value, object? attribute) =>
        attribute is TemplateText text ? text.Value.Split('.').Aggregate(value, (v, name) => JinjaMembers.Item(v, TemplateText.FromTemplate(name)))
        : JinjaMembers.Item(value, attribute);

    public static JinjaException Unknown(string name) => new($"the filter '{name}' is not supported; there are {Names}");
}
