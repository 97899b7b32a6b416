
namespace Microscale.Guard.Grammar;

/// <summary>A set of JSON values, worked out one level deep: one part for each type, arrays and objects as alternatives.</summary>
internal sealed record Shape(
    bool Null,
    bool True,
    bool False,
    TextSet Numbers,
    TextSet Strings,
    IReadOnlyList<ArrayAtom> Arrays,
    IReadOnlyList<ObjectAtom> Objects);
