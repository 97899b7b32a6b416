namespace Microscale.Guard;

/// <summary>What the evidence says of a claim.</summary>
public enum Verdict
{
    /// <summary>It could not be checked, or the evidence does not say. The default: what was not checked is not supported.</summary>
    Unverifiable = 0,

    /// <summary>The evidence says so.</summary>
    Supported,

    /// <summary>The evidence says otherwise.</summary>
    Contradicted,
}
