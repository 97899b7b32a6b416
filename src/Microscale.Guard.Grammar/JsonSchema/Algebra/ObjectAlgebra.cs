
namespace Microscale.Guard.Grammar;

/// <summary>Intersection and complement of <see cref="ObjectAtom"/>.</summary>
internal sealed class ObjectAlgebra(SchemaExprPool pool, TextAlgebra keys, SketchPad sketches, CompileContext context)
{
    private const int MaxRegions = 128;

    public ObjectAtom Universal { get; } = new() { Regions = [new KeyRegion(keys.Everything, pool.True)], Evaluated = keys.Nothing };

    public SchemaExpr KindOf(ObjectAtom atom, string name) => atom.Find(name)?.Kind ?? RegionKind(atom, name);

    public SchemaExpr RegionKind(ObjectAtom atom, string name)
    {
        foreach (var region in atom.Regions)
        {
            if (keys.Contains(region.Keys, name)) return region.Kind;
        }

        return pool.False;
    }

    public IEnumerable<ObjectAtom> Intersect(ObjectAtom a, ObjectAtom b, string pointer)
    {
        var evaluated = keys.Or(a.Evaluated, b.Evaluated);
        if (a.IsUniversal) return [b with { Evaluated = evaluated }];
        if (b.IsUniversal) return [a with { Evaluated = evaluated }];

        context.Spend(a.Slots.Count + b.Slots.Count + (a.Regions.Count * b.Regions.Count) + 1, pointer);
        var slots = Merge(a, b);
        var regions = new List<KeyRegion>();
        foreach (var left in a.Regions)
        {
            foreach (var right in b.Regions)
            {
                var kind = pool.And(left.Kind, right.Kind);
                if (sketches.IsEmpty(kind)) continue;
                var both = keys.And(left.Keys, right.Keys);
                if (!keys.IsEmpty(both)) regions.Add(new KeyRegion(both, kind));
            }
        }

        if (regions.Count > MaxRegions)
            throw new JsonSchemaException("patternProperties", pointer, $"its patterns overlap in more than {MaxRegions} ways; merge some of them");

        var met = new ObjectAtom
        {
            Slots = slots,
            Regions = regions,
            Min = Math.Max(a.Min, b.Min),
            Max = Math.Min(a.Max, b.Max),
            Evaluated = evaluated,
        };
        IEnumerable<ObjectAtom> result = [met];
        foreach (var witness in a.Witnesses) result = result.SelectMany(atom => Place(atom, witness, NewNames(b, a)));
        foreach (var witness in b.Witnesses) result = result.SelectMany(atom => Place(atom, witness, NewNames(a, b)));
        return [.. result.Select(Normalize).OfType<ObjectAtom>()];
    }

    /// <summary>Draws the conclusions that need no look into the values; null where nothing is left.</summary>
    public ObjectAtom? Normalize(ObjectAtom atom)
    {
        int required = 0, possible = 0;
        var slots = new List<PropertySlot>(atom.Slots.Count);
        foreach (var slot in atom.Slots)
        {
            bool empty = sketches.IsEmpty(slot.Kind);
            if (empty && slot.Required) return null;
            if (slot.Required) required++;
            if (!empty) possible++;
            slots.Add(empty ? slot with { Kind = pool.False } : slot);
        }

        if (required > atom.Max || atom.Min > atom.Max) return null;
        if (atom.Regions.Count == 0 && possible < atom.Min) return null;
        bool hopeless = atom.Witnesses.Any(witness => !atom.Regions.Any(region =>
            !sketches.IsEmpty(pool.And(region.Kind, witness.Kind)) && !keys.IsEmpty(keys.And(region.Keys, witness.Keys))));
        return hopeless ? null : atom with { Slots = slots };
    }

    /// <summary>The objects that are not in an atom, as a union.</summary>
    public IEnumerable<ObjectAtom> Complement(ObjectAtom atom)
    {
        if (atom.Min > 0) yield return Universal with { Max = atom.Min - 1 };
        if (atom.Max != ObjectAtom.Unbounded) yield return Universal with { Min = atom.Max + 1 };
        foreach (var slot in atom.Slots)
        {
            if (slot.Required) yield return With(slot.Name, pool.False, required: false);
            var outside = pool.Not(slot.Kind);
            if (outside.Kind != ExprKind.False) yield return With(slot.Name, outside, required: true);
        }

        var named = TextSet.Of(atom.Slots.Select(slot => slot.Name));
        var free = keys.Not(named);
        foreach (var region in atom.Regions)
        {
            var outside = pool.Not(region.Kind);
            if (outside.Kind == ExprKind.False) continue;
            if (Witness(keys.And(region.Keys, free), outside) is { } witness) yield return witness;
        }

        var covered = atom.Regions.Aggregate(named, (all, region) => keys.Or(all, region.Keys));
        if (Witness(keys.Not(covered), pool.True) is { } forbidden) yield return forbidden;

        foreach (var witness in atom.Witnesses)
        {
            var rest = keys.Not(witness.Keys);
            var regions = new List<KeyRegion> { new(witness.Keys, pool.Not(witness.Kind)) };
            if (!keys.IsEmpty(rest)) regions.Add(new KeyRegion(rest, pool.True));
            regions.RemoveAll(region => region.Kind.Kind == ExprKind.False);
            yield return Universal with { Regions = regions };
        }
    }

    public ObjectAtom With(string name, SchemaExpr kind, bool required) =>
        Universal with { Slots = [new PropertySlot(name, kind, required)] };

    private ObjectAtom? Witness(TextSet where, SchemaExpr kind) =>
        keys.IsEmpty(where) ? null : Universal with { Witnesses = [new KeyWitness(where, kind)], Min = 1 };

    private List<PropertySlot> Merge(ObjectAtom a, ObjectAtom b)
    {
        var right = b.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        var slots = new List<PropertySlot>(a.Slots.Count + right.Count);
        foreach (var slot in a.Slots)
        {
            slots.Add(right.Remove(slot.Name, out var other)
                ? new PropertySlot(slot.Name, pool.And(slot.Kind, other.Kind), slot.Required || other.Required)
                : slot with { Kind = pool.And(slot.Kind, RegionKind(b, slot.Name)) });
        }

        foreach (var slot in b.Slots)
        {
            if (right.ContainsKey(slot.Name)) slots.Add(slot with { Kind = pool.And(RegionKind(a, slot.Name), slot.Kind) });
        }

        return slots;
    }

    private static List<string> NewNames(ObjectAtom from, ObjectAtom than)
    {
        var known = than.Slots.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        return [.. from.Slots.Select(slot => slot.Name).Where(name => !known.Contains(name))];
    }

    /// <summary>Adds a witness to an atom in which some of the keys that it may be found at have got a name.</summary>
    private IEnumerable<ObjectAtom> Place(ObjectAtom atom, KeyWitness witness, List<string> names)
    {
        names = [.. names.Where(name => keys.Contains(witness.Keys, name))];
        foreach (string name in names)
        {
            yield return atom with
            {
                Slots = [.. atom.Slots.Select(slot => slot.Name == name
                    ? new PropertySlot(name, pool.And(slot.Kind, witness.Kind), true)
                    : slot)],
            };
        }

        var rest = names.Count == 0 ? witness.Keys : keys.And(witness.Keys, keys.Not(TextSet.Of(names)));
        if (!keys.IsEmpty(rest)) yield return atom with { Witnesses = [.. atom.Witnesses, witness with { Keys = rest }] };
    }
}
