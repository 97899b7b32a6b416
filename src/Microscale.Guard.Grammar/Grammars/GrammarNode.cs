namespace Microscale.Guard.Grammar;

/// <summary>What a grammar node is.</summary>
internal enum GrammarNodeKind
{
    /// <summary>The strings of <see cref="GrammarNode.Regex"/>.</summary>
    Terminal,

    /// <summary>The <see cref="GrammarNode.Items"/> one after the other; none is the empty string.</summary>
    Sequence,

    /// <summary>One of the <see cref="GrammarNode.Items"/>; none is no string.</summary>
    Choice,

    /// <summary>The only item, from <see cref="GrammarNode.Min"/> to <see cref="GrammarNode.Max"/> times.</summary>
    Repeat,

    /// <summary>A <see cref="GrammarRule"/>.</summary>
    Rule,
}

/// <summary>A part of a grammar. Nodes of one <see cref="GrammarBuilder"/> that look the same are the same object.</summary>
internal class GrammarNode
{
    internal GrammarNode(int id, GrammarNodeKind kind)
    {
        Id = id;
        Kind = kind;
    }

    public int Id { get; }

    public GrammarNodeKind Kind { get; }

    public RegexNode? Regex { get; init; }

    public GrammarNode[] Items { get; init; } = [];

    public int Min { get; init; }

    public int Max { get; init; }
}
