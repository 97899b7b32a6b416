namespace Microscale.Guard.Onnx;

/// <summary>What <c>x.name</c>, <c>x[key]</c> and <c>x[a:b]</c> give.</summary>
internal static class JinjaMembers
{
    /// <summary>A method or a member; a member that is not there is undefined.</summary>
    public static object? Attribute(object? target, string name) => target switch
    {
        JinjaUndefined undefined => throw undefined.Error,
        JinjaNamespace space => Find(space.Values, name),
        JinjaLoop loop => loop.Member(name),
        TemplateText text => (object?)JinjaStringMethods.Find(text, name) ?? new JinjaUndefined(name),
        JinjaMap map => (object?)MapMethod(map, name) ?? Find(map, name),
        _ => new JinjaUndefined(name),
    };

    public static object? Item(object? target, object? index) => (target, index) switch
    {
        (JinjaUndefined undefined, _) => throw undefined.Error,
        (List<object?> list, long or bool) => At(list, JinjaValues.ToInteger(index)),
        (TemplateText text, long or bool) => At(JinjaValues.ToList(text), JinjaValues.ToInteger(index)),
        (JinjaMap map, TemplateText key) => map.TryGetValue(key.Value, out var value) ? value : Attribute(map, key.Value),
        (_, TemplateText key) => Attribute(target, key.Value),
        _ => new JinjaUndefined(JinjaValues.Print(index).Value),
    };

    public static object? Slice(object? target, object? start, object? stop, object? step)
    {
        var by = step is null ? 1 : JinjaValues.ToInteger(step);
        if (by == 0)
        {
            throw new JinjaException("a slice needs a step other than zero");
        }

        var members = target is TemplateText or List<object?> ? JinjaValues.ToList(target) : throw JinjaValues.Unfit(target, 0L, "do not fit a slice");
        var count = members.Count;
        var from = Bound(start, by > 0 ? 0 : count - 1, count, by);
        var to = Bound(stop, by > 0 ? count : -1, count, by);
        var part = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by)
        {
            part.Add(members[(int)i]);
        }

        return target is TemplateText ? Join(part) : part;
    }

    /// <summary>The pairs of a mapping.</summary>
    public static List<object?> Items(JinjaMap map) => [.. map.Select(p => (object?)new List<object?> { TemplateText.FromData(p.Key), p.Value })];

    public static TemplateText Join(IEnumerable<object?> parts)
    {
        var builder = new TemplateText.Builder();
        foreach (var part in parts)
        {
            builder.Append(JinjaValues.Print(part));
        }

        return builder.Build();
    }

    private static long Bound(object? value, long missing, int count, long step)
    {
        if (value is null)
        {
            return missing;
        }

        var at = JinjaValues.ToInteger(value);
        at = at < 0 ? at + count : at;
        return step > 0 ? Math.Clamp(at, 0, count) : Math.Clamp(at, -1, count - 1);
    }

    private static object? At(List<object?> list, long index)
    {
        var at = index < 0 ? index + list.Count : index;
        return at >= 0 && at < list.Count ? list[(int)at] : new JinjaUndefined(FormattableString.Invariant($"[{index}]"));
    }

    private static object? Find(JinjaMap map, string name) => map.TryGetValue(name, out var value) ? value : new JinjaUndefined(name);

    private static JinjaFunction? MapMethod(JinjaMap map, string name) => name switch
    {
        "get" => (_, arguments) => map.TryGetValue(JinjaValues.ToText(arguments.Require(0, "key")).Value, out var value) ? value : arguments.Get(1, "default"),
        "items" => (_, _) => Items(map),
        "keys" => (_, _) => JinjaValues.ToList(map),
        "values" => (_, _) => map.Values.ToList(),
        _ => null,
    };
}
