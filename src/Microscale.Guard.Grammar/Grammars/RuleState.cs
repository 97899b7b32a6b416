namespace Microscale.Guard.Grammar;

/// <summary>A place inside of a rule: what may come from here to the end of the rule.</summary>
internal sealed class RuleState(int id)
{
    public int Id { get; } = id;

    /// <summary>Whether the rule may end here. Only one state of a rule is such, and nothing follows it.</summary>
    public bool IsEnd { get; set; }

    /// <summary>States that are also here, without reading anything.</summary>
    public List<RuleState> Same { get; } = [];

    /// <summary>The terminal that may be read here (by its number), and what comes after it.</summary>
    public List<(int Terminal, RuleState Next)> Terminals { get; } = [];

    /// <summary>The rules that may stand here, and what comes after them.</summary>
    public List<(RuleStart Rule, RuleState Next)> Rules { get; } = [];
}

/// <summary>Where a rule begins.</summary>
internal sealed class RuleStart(int id)
{
    public int Id { get; } = id;

    public RuleState State { get; set; } = null!;

    public RuleState End { get; set; } = null!;

    /// <summary>Whether the rule may be the empty string.</summary>
    public bool Nullable { get; set; }
}
