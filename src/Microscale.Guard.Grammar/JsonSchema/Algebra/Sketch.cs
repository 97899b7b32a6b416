namespace Microscale.Guard.Grammar;

/// <summary>A superset of a set of values, seen without a look into arrays and objects.</summary>
/// <param name="Exact">Whether it is the set itself.</param>
internal sealed record Sketch(bool Null, bool True, bool False, TextSet Numbers, TextSet Strings, bool Arrays, bool Objects, bool Exact);
