namespace Microscale.Guard.Grammar;

/// <summary>What the parser expects where a terminal may begin.</summary>
internal sealed class ParserRow(int id, (int Terminal, RuleState Next, ReturnSet Returns)[] expected, LexerState start, bool isAccepting)
{
    public int Id { get; } = id;

    /// <summary>The terminals, ordered by number, and what comes after them.</summary>
    public (int Terminal, RuleState Next, ReturnSet Returns)[] Expected { get; } = expected;

    /// <summary>The lexer's state before these terminals.</summary>
    public LexerState Start { get; } = start;

    /// <summary>Whether the text may end here.</summary>
    public bool IsAccepting { get; } = isAccepting;
}
