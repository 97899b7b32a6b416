namespace Microscale.Guard.Grammar;

/// <summary>A part of a grammar that was written as text.</summary>
internal abstract record TextSyntax
{
    /// <summary>A regular part.</summary>
    public sealed record Regular(Func<RegexBuilder, RegexNode> Build) : TextSyntax;

    /// <summary>A rule or a named terminal.</summary>
    public sealed record Reference(string Name, int Position) : TextSyntax;

    public sealed record Sequence(IReadOnlyList<TextSyntax> Items) : TextSyntax;

    public sealed record Choice(IReadOnlyList<TextSyntax> Items) : TextSyntax;

    public sealed record Repeat(TextSyntax Item, int Min, int Max) : TextSyntax;

    public static TextSyntax Empty { get; } = new Sequence([]);

    public static TextSyntax OfCodePoints(CodePointSet set) => new Regular(r => r.CodePoints(set));

    /// <summary>A text, in both cases of its letters if asked for.</summary>
    public static TextSyntax OfText(string text, bool ignoreCase = false) =>
        ignoreCase ? new Regular(r => r.Concat([.. text.EnumerateRunes().Select(rune => r.CodePoints(BothCases(rune)))])) : new Regular(r => r.Literal(text));

    private static CodePointSet BothCases(System.Text.Rune rune) =>
        CodePointSet.Of([.. new[] { rune, System.Text.Rune.ToUpperInvariant(rune), System.Text.Rune.ToLowerInvariant(rune) }.Select(r => (r.Value, r.Value))]);
}

/// <summary>A grammar that was written as text.</summary>
/// <param name="Text">The text, for the messages of errors.</param>
/// <param name="Start">The name of the rule for whole texts.</param>
/// <param name="Rules">The rules and named terminals.</param>
/// <param name="Ignored">What may stand before each terminal and at the end; null for nothing.</param>
internal sealed record TextGrammar(string Text, string Start, IReadOnlyDictionary<string, TextRule> Rules, TextSyntax? Ignored = null)
{
    public GrammarSyntaxException Error(int position, string problem) => new(Text, position, problem);
}

/// <summary>A rule.</summary>
/// <param name="Definition">What it stands for.</param>
/// <param name="IsTerminal">Whether it is one terminal, inside of which nothing is ignored.</param>
/// <param name="Position">Where it is defined.</param>
internal sealed record TextRule(TextSyntax Definition, bool IsTerminal, int Position);
