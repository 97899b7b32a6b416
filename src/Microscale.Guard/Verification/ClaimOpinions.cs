namespace Microscale.Guard;

/// <summary>Collects what the verifiers say of one claim.</summary>
internal sealed class ClaimOpinions
{
    private VerifierFinding[] _findings = [];
    private bool _failed;

    /// <summary>Adds what a verifier found; null when it has no opinion.</summary>
    public void Add(VerifierFinding? finding)
    {
        if (finding is not null)
        {
            _findings = [.. _findings, finding];
        }
    }

    /// <summary>Adds that a verifier failed.</summary>
    public void AddFailure() => _failed = true;

    /// <summary>Whether no later verifier can change the verdict.</summary>
    /// <param name="atFirstDoubt">Whether a claim that cannot become supported is left there, although it could still be found
    /// contradicted.</param>
    public bool IsSettled(bool atFirstDoubt) =>
        Array.Exists(_findings, f => f.Verdict == Verdict.Contradicted || f is { Verdict: Verdict.Supported, IsProof: true })
        || (atFirstDoubt && (_failed || Array.Exists(_findings, f => f.Verdict == Verdict.Unverifiable)));

    /// <summary>The verdict with all that was said.</summary>
    public ClaimVerdict Combine(Claim claim) =>
        new(claim, VerdictCombination.Combine(_findings, _failed)) { Findings = _findings, VerifierFailed = _failed };
}
