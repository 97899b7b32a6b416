using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>
/// Writes JSON values as a grammar of a schema writes them: compact, numbers without exponent and needless zeros, properties in
/// the order in which the schema declares them. Where alternatives declare different orders there are several spellings.
/// </summary>
internal sealed class InstanceSpelling(ShapeExpander expander, ObjectAlgebra objects, SchemaExpr root)
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
        var items = value.EnumerateArray().Select((item, index) => Spell(item, Distinct(atoms.Select(atom => atom.ItemAt(index)))));
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
            var pairs = ordered.Select(property => Spell(property.Value, Distinct(alike.Select(atom => objects.KindOf(atom, property.Name))))
                .ConvertAll(text => $"{JsonTokens.Quote(property.Name)}:{text}"));
            result.AddRange(Product(pairs).Select(parts => $"{{{string.Join(',', parts)}}}"));
        }

        return [.. result.Distinct(StringComparer.Ordinal).Take(MaxSpellings)];
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
