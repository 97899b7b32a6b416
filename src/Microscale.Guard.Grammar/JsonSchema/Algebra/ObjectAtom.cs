
namespace Microscale.Guard.Grammar;

/// <summary>Objects that fulfil all of some conditions.</summary>
internal sealed record ObjectAtom
{
    public const int Unbounded = int.MaxValue;

    /// <summary>The properties that are named, in the order in which they are written.</summary>
    public IReadOnlyList<PropertySlot> Slots { get; init; } = [];

    /// <summary>All other keys: regions that do not overlap; a key in none is forbidden. A named key does not count.</summary>
    public required IReadOnlyList<KeyRegion> Regions { get; init; }

    /// <summary>Some key that is not named has a value of a kind.</summary>
    public IReadOnlyList<KeyWitness> Witnesses { get; init; } = [];

    public int Min { get; init; }

    public int Max { get; init; } = Unbounded;

    /// <summary>The keys that count as evaluated.</summary>
    public required TextSet Evaluated { get; init; }

    public bool IsUniversal =>
        Slots.Count == 0 && Witnesses.Count == 0 && Min == 0 && Max == Unbounded && Regions.Count == 1
        && Regions[0].Kind.Kind == ExprKind.True && Regions[0].Keys.IsEverything;

    public PropertySlot? Find(string name)
    {
        foreach (var slot in Slots)
        {
            if (slot.Name == name) return slot;
        }

        return null;
    }
}

/// <summary>A named property. Of kind False and not required, it is forbidden.</summary>
internal sealed record PropertySlot(string Name, SchemaExpr Kind, bool Required);

internal sealed record KeyRegion(TextSet Keys, SchemaExpr Kind);

internal sealed record KeyWitness(TextSet Keys, SchemaExpr Kind);
