namespace Microscale.Guard;

/// <summary>What the guard did with an answer.</summary>
public enum GuardDecision
{
    /// <summary>The first draft passed and was delivered.</summary>
    Delivered,

    /// <summary>A later draft passed, after feedback on an earlier one.</summary>
    Repaired,

    /// <summary>The answer of another model passed.</summary>
    Escalated,

    /// <summary>No draft passed; the caller got a text that says so.</summary>
    Abstained,
}
