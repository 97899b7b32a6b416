namespace Microscale.Guard.Grammar;

/// <summary>A nonterminal: declared first and defined later, so that rules can refer to one another and to themselves.</summary>
internal sealed class GrammarRule : GrammarNode
{
    internal GrammarRule(int id, string name)
        : base(id, GrammarNodeKind.Rule) => Name = name;

    public string Name { get; }

    /// <summary>What the rule stands for; null until it is defined.</summary>
    public GrammarNode? Definition { get; private set; }

    /// <summary>Says what the rule stands for, once.</summary>
    public void Define(GrammarNode definition) =>
        Definition = Definition is null ? definition : throw new InvalidOperationException($"The rule '{Name}' is defined already.");
}
