namespace Microscale.Guard;

/// <summary>Why an answer was withheld, or would have been.</summary>
public enum GuardReason
{
    /// <summary>Nothing was withheld.</summary>
    None,

    /// <summary>The confidence is below the policy's threshold.</summary>
    LowConfidence,

    /// <summary>The evidence says otherwise.</summary>
    Contradicted,

    /// <summary>The evidence does not say so.</summary>
    Unverifiable,

    /// <summary>There is no evidence at all.</summary>
    NoEvidence,

    /// <summary>A verifier failed: it threw, hung, or gave an answer that cannot be.</summary>
    VerifierFailed,

    /// <summary>The confidence could not be had: the scorer failed, or what it needs is missing.</summary>
    ScorerFailed,

    /// <summary>The decision needs a calibration that fits, and the answer's scorer, model or prompt is another, or the score
    /// is raw.</summary>
    NotCalibrated,

    /// <summary>The evidence source failed.</summary>
    SourceFailed,

    /// <summary>The policy itself failed.</summary>
    PolicyFailed,

    /// <summary>The time or token budget of the guard was spent.</summary>
    BudgetSpent,

    /// <summary>The caller bypassed the guard.</summary>
    Bypassed,

    /// <summary>The answer does not have the form that was asked for (<see cref="GuardReport.Form"/>).</summary>
    Malformed,
}
