using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The keywords about objects, without those that make alternatives and <c>unevaluatedProperties</c>.</summary>
internal sealed class ObjectKeywords(SchemaExprPool pool, SchemaDocument document, ScalarKeywords scalars, ShapeAlgebra shapes)
{
    private const int MaxRegions = 64;

    private readonly TextAlgebra _keys = shapes.Strings;
    private readonly ObjectAlgebra _objects = shapes.Objects;

    public ObjectAtom? Read(SchemaNode node)
    {
        var patterns = Map(node, "patternProperties")
            .Select(item => (Keys: scalars.Pattern(node, "patternProperties", item.Name), Kind: Leaf(node, "patternProperties", item))).ToList();
        bool closed = node.TryGet("additionalProperties", out var additional);
        var rest = closed ? pool.Leaf(document.Child(node, "additionalProperties", additional)) : pool.True;
        var regions = Regions(node, [.. patterns], rest);

        var required = Required(node).ToList();
        var slots = new List<PropertySlot>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var needed = required.ToHashSet(StringComparer.Ordinal);
        foreach (var property in Map(node, "properties"))
        {
            if (!names.Add(property.Name)) continue;
            var kind = patterns.Where(pattern => _keys.Contains(pattern.Keys, property.Name))
                .Aggregate(Leaf(node, "properties", property), (all, pattern) => pool.And(all, pattern.Kind));
            slots.Add(new PropertySlot(property.Name, kind, needed.Contains(property.Name)));
        }

        var evaluated = closed ? _keys.Everything : _keys.Or([TextSet.Of(names), .. patterns.Select(pattern => pattern.Keys)]);
        var atom = _objects.Universal with
        {
            Regions = regions,
            Min = ScalarKeywords.Count(node, "minProperties") ?? 0,
            Max = ScalarKeywords.Count(node, "maxProperties") ?? ObjectAtom.Unbounded,
            Evaluated = evaluated,
        };
        slots.AddRange(required.Where(names.Add).Select(name => new PropertySlot(name, _objects.RegionKind(atom, name), true)));
        return _objects.Normalize(atom with { Slots = slots });
    }

    public ObjectAtom Required(IEnumerable<string> names) => _objects.Universal with
    {
        Slots = [.. names.Distinct(StringComparer.Ordinal).Select(name => new PropertySlot(name, pool.True, true))],
    };

    /// <summary>Objects all keys of which are of some texts.</summary>
    public ObjectAtom Named(TextSet keys) => _objects.Universal with
    {
        Regions = _keys.IsEmpty(keys) ? [] : [new KeyRegion(keys, pool.True)],
    };

    /// <summary>Objects whose keys outside of some have values of a kind.</summary>
    public ObjectAtom Outside(TextSet keys, SchemaExpr kind)
    {
        var outside = _keys.Not(keys);
        var regions = new List<KeyRegion>();
        if (!_keys.IsEmpty(keys)) regions.Add(new KeyRegion(keys, pool.True));
        if (kind.Kind != ExprKind.False && !_keys.IsEmpty(outside)) regions.Add(new KeyRegion(outside, kind));
        return _objects.Universal with { Regions = regions, Evaluated = _keys.Everything };
    }

    public static IEnumerable<string> Names(SchemaNode node, string keyword, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new JsonSchemaException(keyword, node.Pointer, "it has to be an array of names");
        return value.EnumerateArray().Select(name => ScalarKeywords.Text(node, keyword, name));
    }

    public static IEnumerable<JsonProperty> Map(SchemaNode node, string keyword)
    {
        if (!node.TryGet(keyword, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Object) throw new JsonSchemaException(keyword, node.Pointer, "it has to be an object");
        return value.EnumerateObject();
    }

    private static IEnumerable<string> Required(SchemaNode node) =>
        node.TryGet("required", out var value) ? Names(node, "required", value) : [];

    private List<KeyRegion> Regions(SchemaNode node, (TextSet Keys, SchemaExpr Kind)[] patterns, SchemaExpr rest)
    {
        // No kind yet: no pattern has matched.
        var regions = new List<(TextSet Keys, SchemaExpr? Kind)> { (_keys.Everything, null) };
        foreach (var pattern in patterns)
        {
            var split = new List<(TextSet Keys, SchemaExpr? Kind)>();
            var others = _keys.Not(pattern.Keys);
            foreach (var region in regions)
            {
                Add(_keys.And(region.Keys, pattern.Keys), region.Kind is null ? pattern.Kind : pool.And(region.Kind, pattern.Kind));
                Add(_keys.And(region.Keys, others), region.Kind);
            }

            regions = split;
            if (regions.Count > MaxRegions)
                throw new JsonSchemaException("patternProperties", node.Pointer, $"the patterns overlap in more than {MaxRegions} ways; merge some of them");

            void Add(TextSet keys, SchemaExpr? kind)
            {
                if (!_keys.IsEmpty(keys)) split.Add((keys, kind));
            }
        }

        return [.. regions.Select(region => new KeyRegion(region.Keys, region.Kind ?? rest)).Where(region => region.Kind.Kind != ExprKind.False)];
    }

    private SchemaExpr Leaf(SchemaNode node, string keyword, JsonProperty item) =>
        pool.Leaf(document.Child(node, keyword, item.Name, item.Value));
}
