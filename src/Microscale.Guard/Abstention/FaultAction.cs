namespace Microscale.Guard;

/// <summary>What a policy does when a part of the guard fails.</summary>
public enum FaultAction
{
    /// <summary>The answer is withheld.</summary>
    Abstain = 0,

    /// <summary>The guard goes on without the part that failed, and the report says so.</summary>
    Proceed,
}
