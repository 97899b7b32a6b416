using CsCheck;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>Random patterns and texts over a small alphabet, so that matches are frequent.</summary>
internal static class RandomPatterns
{
    /// <summary>Patterns without anchors.</summary>
    public static Gen<string> Plain { get; } = Of(3, assertions: false);

    /// <summary>Patterns with anchors and lookaheads.</summary>
    public static Gen<string> WithAssertions { get; } = Of(3, assertions: true);

    public static Gen<string> Text { get; } = Gen.OneOf("a", "b", "c", "é", "/", "\n", "\U0001F600").Array[0, 6].Select(string.Concat);

    private static Gen<string> Of(int depth, bool assertions)
    {
        var atom = assertions
            ? Gen.OneOf("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "é", "^", "$", "")
            : Gen.OneOf("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "é", "ab", "\U0001F600");
        if (depth == 0)
        {
            return atom;
        }

        var inner = Of(depth - 1, assertions);
        var plain = Of(depth - 1, assertions: false);
        var quantifier = Gen.OneOf("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?");
        var shapes = new List<Gen<string>>
        {
            atom,
            Gen.Select(inner, inner, (x, y) => x + y),
            Gen.Select(inner, inner, (x, y) => $"(?:{x}|{y})"),
            Gen.Select(plain, quantifier, (x, q) => $"(?:{x}){q}"),
        };
        if (assertions)
        {
            shapes.Add(plain.Select(x => $"(?={x})"));
            shapes.Add(inner.Select(x => $"(?!{x})"));
        }

        return Gen.OneOf([.. shapes]);
    }
}
