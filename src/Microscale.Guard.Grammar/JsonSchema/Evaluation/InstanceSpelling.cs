using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>
/// Writes JSON values as a grammar of a schema writes them: compact, numbers without exponent and needless zeros, properties in
/// the order in which the schema declares them. Where alternatives declare different orders there are several spellings.
/// </summary>
internal sealed class InstanceSpelling(ShapeExpander expander, SchemaExprPool pool, ObjectAlgebra objects, SchemaExpr root)
{
    private const int MaxSpellings = 64;

    public IReadOnlyList<string> Spell(JsonElement instance) => Spell(instance, [root]);

    private List<string> Spell(JsonElement value, IEnumerable<SchemaExpr> kinds) => value.ValueKind switch
    {
        JsonValueKind.Array => SpellArray(value, kinds),
        JsonValueKind.Object => SpellObject(value, kinds),
        JsonValueKind.String => [JsonTokens.Quote(value.GetString()!)],
        JsonValueKind.Number => [JsonDecimal.Parse(value.GetRawText())?.ToString() ?? value.GetRawText()],
        _ => [value.GetRawText()],
    };

    private List<string> SpellArray(JsonElement value, IEnumerable<SchemaExpr> kinds)
    {
        var atoms = kinds.SelectMany(kind => expander.Expand(kind).Arrays).ToList();
        var items = value.EnumerateArray().Select((item, index) => Spell(item, Distinct(atoms.SelectMany(atom => ItemKinds(atom, index)))));
        return [.. Product(items).Select(parts => $"[{string.Join(',', parts)}]")];
    }

    private List<string> SpellObject(JsonElement value, IEnumerable<SchemaExpr> kinds)
    {
        var properties = value.EnumerateObject().ToList();
        var atoms = kinds.SelectMany(kind => expander.Expand(kind).Objects)
            .GroupBy(atom => string.Join(',', Order(properties, atom)), StringComparer.Ordinal).ToList();
        if (atoms.Count == 0) return [$"{{{string.Join(',', properties.Select(property => $"{JsonTokens.Quote(property.Name)}:{Spell(property.Value, [])[0]}"))}}}"];

        var result = new List<string>();
        foreach (var alike in atoms.Take(MaxSpellings))
        {
            var ordered = Order(properties, alike.First()).Select(index => properties[index]);
            var pairs = ordered.Select(property => Spell(property.Value, Distinct(alike.SelectMany(atom => PropertyKinds(atom, property.Name))))
                .ConvertAll(text => $"{JsonTokens.Quote(property.Name)}:{text}"));
            result.AddRange(Product(pairs).Select(parts => $"{{{string.Join(',', parts)}}}"));
        }

        return [.. result.Distinct(StringComparer.Ordinal).Take(MaxSpellings)];
    }

    /// <summary>An item is written as what it is counted as, or as what it is not.</summary>
    private IEnumerable<SchemaExpr> ItemKinds(ArrayAtom atom, int index) => atom.Counts.Aggregate(
        new[] { atom.ItemAt(index) }.AsEnumerable(),
        (kinds, count) => kinds.SelectMany(kind => new[] { kind, pool.And(kind, count.Kind), pool.And(kind, pool.Not(count.Kind)) }));

    private IEnumerable<SchemaExpr> PropertyKinds(ObjectAtom atom, string name)
    {
        var kind = objects.KindOf(atom, name);
        return atom.Find(name) is not null ? [kind] : atom.Witnesses.Select(witness => pool.And(kind, witness.Kind)).Prepend(kind);
    }

    /// <summary>Indexes of the properties: those with a place in the schema by their places, the others after them.</summary>
    private static IEnumerable<int> Order(List<JsonProperty> properties, ObjectAtom atom)
    {
        var places = atom.Slots.Select((slot, index) => (slot.Name, index)).ToDictionary(item => item.Name, item => item.index, StringComparer.Ordinal);
        return Enumerable.Range(0, properties.Count).OrderBy(index => places.GetValueOrDefault(properties[index].Name, int.MaxValue));
    }

    private static IEnumerable<SchemaExpr> Distinct(IEnumerable<SchemaExpr> kinds) => kinds.DistinctBy(kind => kind.Id);

    /// <summary>Every choice of one text from each list, up to the limit.</summary>
    private static List<List<string>> Product(IEnumerable<List<string>> lists)
    {
        var result = new List<List<string>> { new() };
        foreach (var list in lists)
        {
            if (list.Count == 1)
            {
                result.ForEach(parts => parts.Add(list[0]));
                continue;
            }

            result = [.. result.SelectMany(parts => list.Select(text => new List<string>(parts) { text })).Take(MaxSpellings)];
        }

        return result;
    }
}
