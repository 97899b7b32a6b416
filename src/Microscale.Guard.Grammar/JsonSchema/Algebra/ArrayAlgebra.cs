namespace Microscale.Guard.Grammar;

/// <summary>Intersection and complement of <see cref="ArrayAtom"/>.</summary>
internal sealed class ArrayAlgebra(SchemaExprPool pool, SketchPad sketches, CompileContext context)
{
    public ArrayAtom Universal { get; } = new() { Rest = pool.True, EvaluatedKind = pool.False };

    public ArrayAtom? Intersect(ArrayAtom a, ArrayAtom b, string pointer)
    {
        int evaluated = Math.Max(a.Evaluated, b.Evaluated);
        var evaluatedKind = pool.Or(a.EvaluatedKind, b.EvaluatedKind);
        if (a.IsUniversal) return b with { Evaluated = evaluated, EvaluatedKind = evaluatedKind };
        if (b.IsUniversal) return a with { Evaluated = evaluated, EvaluatedKind = evaluatedKind };

        int length = Math.Max(a.Prefix.Count, b.Prefix.Count);
        context.Spend(length + 1, pointer);
        var prefix = new SchemaExpr[length];
        for (int i = 0; i < length; i++) prefix[i] = pool.And(a.ItemAt(i), b.ItemAt(i));
        return Normalize(new ArrayAtom
        {
            Prefix = prefix,
            Rest = pool.And(a.Rest, b.Rest),
            Min = Math.Max(a.Min, b.Min),
            Max = Math.Min(a.Max, b.Max),
            Counts = [.. a.Counts, .. b.Counts],
            UniqueAt = a.UniqueAt ?? b.UniqueAt,
            Evaluated = evaluated,
            EvaluatedKind = evaluatedKind,
        });
    }

    /// <summary>Draws the conclusions that need no look into the items; null where nothing is left.</summary>
    public ArrayAtom? Normalize(ArrayAtom atom)
    {
        int max = atom.Max;
        var prefix = atom.Prefix;
        for (int i = 0; i < prefix.Count && i < max; i++)
        {
            if (sketches.IsEmpty(prefix[i])) max = i;
        }

        if (sketches.IsEmpty(atom.Rest)) max = Math.Min(max, prefix.Count);
        if (prefix.Count > max) prefix = [.. prefix.Take(max)];

        var counts = new List<ItemCount>();
        foreach (var count in atom.Counts)
        {
            int same = counts.FindIndex(other => other.From == count.From && other.Kind == count.Kind);
            var merged = same < 0 ? count : counts[same] with { Min = Math.Max(counts[same].Min, count.Min), Max = Math.Min(counts[same].Max, count.Max) };
            if (merged.Min > merged.Max || (merged.Min > 0 && (sketches.IsEmpty(merged.Kind) || merged.From + merged.Min > max))) return null;
            if (same < 0) counts.Add(merged);
            else counts[same] = merged;
        }

        counts.RemoveAll(count => (count.Min == 0 && count.Max == ArrayAtom.Unbounded) || sketches.IsEmpty(count.Kind));
        int min = counts.Aggregate(atom.Min, (least, count) => Math.Max(least, count.Min == 0 ? 0 : count.From + count.Min));
        return min > max ? null : atom with { Prefix = prefix, Min = min, Max = max, Counts = counts };
    }

    /// <summary>The arrays that are not in an atom, as a union.</summary>
    public IEnumerable<ArrayAtom> Complement(ArrayAtom atom)
    {
        if (atom.Min > 0) yield return Universal with { Max = atom.Min - 1 };
        if (atom.Max != ArrayAtom.Unbounded) yield return Universal with { Min = atom.Max + 1 };
        for (int i = 0; i < atom.Prefix.Count; i++)
        {
            var outside = pool.Not(atom.Prefix[i]);
            if (outside.Kind == ExprKind.False) continue;
            yield return Universal with { Prefix = [.. Enumerable.Repeat(pool.True, i), outside], Min = i + 1 };
        }

        var other = pool.Not(atom.Rest);
        if (other.Kind != ExprKind.False && atom.Max > atom.Prefix.Count)
            yield return Universal with { Counts = [new ItemCount(atom.Prefix.Count, other, 1, ArrayAtom.Unbounded, other.Pointer)] };

        foreach (var count in atom.Counts)
        {
            if (count.Min > 0) yield return Universal with { Counts = [count with { Min = 0, Max = count.Min - 1 }] };
            if (count.Max != ArrayAtom.Unbounded) yield return Universal with { Counts = [count with { Min = count.Max + 1, Max = ArrayAtom.Unbounded }] };
        }

        if (atom.UniqueAt is not null)
            context.Refuse("uniqueItems", atom.UniqueAt, "a grammar cannot ask for a repeated item, as its negation does");
    }
}
