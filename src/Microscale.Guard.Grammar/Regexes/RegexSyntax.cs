namespace Microscale.Guard.Grammar;

/// <summary>A parsed pattern.</summary>
internal abstract record RegexSyntax
{
    /// <summary>Whether an anchor or a lookahead is inside.</summary>
    public abstract bool HasAssertions { get; }

    /// <summary>One character.</summary>
    public sealed record Character(CodePointSet Set) : RegexSyntax
    {
        public override bool HasAssertions => false;
    }

    public sealed record Sequence(IReadOnlyList<RegexSyntax> Items) : RegexSyntax
    {
        public override bool HasAssertions { get; } = Items.Any(i => i.HasAssertions);
    }

    public sealed record Alternation(IReadOnlyList<RegexSyntax> Items) : RegexSyntax
    {
        public override bool HasAssertions { get; } = Items.Any(i => i.HasAssertions);
    }

    public sealed record Repetition(RegexSyntax Item, int Min, int Max) : RegexSyntax
    {
        public override bool HasAssertions { get; } = Item.HasAssertions;
    }

    /// <summary>The beginning of the text.</summary>
    public sealed record Start : RegexSyntax
    {
        public override bool HasAssertions => true;
    }

    /// <summary>The end of the text.</summary>
    public sealed record End : RegexSyntax
    {
        public override bool HasAssertions => true;
    }

    /// <summary>What follows begins so, or does not.</summary>
    public sealed record Lookahead(RegexSyntax Item, bool Negative) : RegexSyntax
    {
        public override bool HasAssertions => true;
    }
}
