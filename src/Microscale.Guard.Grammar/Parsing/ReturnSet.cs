namespace Microscale.Guard.Grammar;

/// <summary>Where the parser goes on when a rule is complete: places in the calling rules, each with the returns of that rule. It
/// takes the role of the origin in an Earley item (Earley 1970), but is the same object wherever the same may follow, so that
/// states recur at other positions of a text. Refers to itself where rules are left-recursive.</summary>
internal sealed class ReturnSet(int id)
{
    public int Id { get; } = id;

    public (RuleState State, ReturnSet Returns)[] Entries { get; set; } = [];
}
