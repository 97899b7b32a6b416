namespace Microscale.Guard.Grammar;

/// <summary>A superset of a set of values, seen without a look into arrays and objects; exact where it is the set itself.</summary>
internal sealed record Sketch(bool Null, bool True, bool False, TextSet Numbers, TextSet Strings, bool Arrays, bool Objects, bool Exact);
