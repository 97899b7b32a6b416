namespace Microscale.Guard.Grammar;

/// <summary>Arrays that fulfil all of some conditions.</summary>
internal sealed record ArrayAtom
{
    public const int Unbounded = int.MaxValue;

    public IReadOnlyList<SchemaExpr> Prefix { get; init; } = [];

    /// <summary>The items after the prefix.</summary>
    public required SchemaExpr Rest { get; init; }

    public int Min { get; init; }

    public int Max { get; init; } = Unbounded;

    public IReadOnlyList<ItemCount> Counts { get; init; } = [];

    /// <summary>Where <c>uniqueItems</c> was asked for, or null.</summary>
    public string? UniqueAt { get; init; }

    /// <summary>The items that count as evaluated: the first so many, or all (<see cref="Unbounded"/>).</summary>
    public int Evaluated { get; init; }

    /// <summary>Items of this kind count as evaluated too.</summary>
    public required SchemaExpr EvaluatedKind { get; init; }

    public bool IsUniversal => Prefix.Count == 0 && Rest.Kind == ExprKind.True && Min == 0 && Max == Unbounded && Counts.Count == 0 && UniqueAt is null;

    public SchemaExpr ItemAt(int index) => index < Prefix.Count ? Prefix[index] : Rest;
}

/// <summary>From an index on, between so many and so many items are of a kind.</summary>
internal sealed record ItemCount(int From, SchemaExpr Kind, int Min, int Max, string Pointer);
