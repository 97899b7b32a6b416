namespace Microscale.Guard;

/// <summary>A claim with what the verifiers together say of it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Verdict">The verdict of all verifiers combined.</param>
public sealed record ClaimVerdict(Claim Claim, Verdict Verdict)
{
    /// <summary>The first finding that decided the verdict; of several one that says why in words. Null when no verifier had
    /// an opinion.</summary>
    public VerifierFinding? Decisive =>
        Findings.FirstOrDefault(f => f.Verdict == Verdict && f.Explanation is not null) ?? Findings.FirstOrDefault(f => f.Verdict == Verdict);

    /// <summary>What each verifier that had an opinion found, in the order in which they ran.</summary>
    public IReadOnlyList<VerifierFinding> Findings { get; init; } = [];

    /// <summary>Whether a verifier failed on the claim (threw, hung, or gave an answer that cannot be): the verdict is then
    /// <see cref="Verdict.Unverifiable"/>, unless another verifier contradicts the claim.</summary>
    public bool VerifierFailed { get; init; }
}

/// <summary>What one verifier says of one claim.</summary>
/// <param name="Verifier">The verifier's name.</param>
/// <param name="Verdict">Its verdict.</param>
public sealed record VerifierFinding(string Verifier, Verdict Verdict)
{
    /// <summary>How strongly, from 0 to 1, by the verifier's own scale; null when it has none.</summary>
    public double? Score { get; init; }

    /// <summary>How well the evidence supports the claim, from 0 to 1, whatever the verdict; null when the verifier does not say.
    /// Claims can be ranked by it, and thresholds fitted on it.</summary>
    public double? Support { get; init; }

    /// <summary>The <see cref="Evidence.Id"/> of the passage that decided; null when none did.</summary>
    public string? EvidenceId { get; init; }

    /// <summary>Whether the verdict is proven, as that on a recomputed sum is: a claim that is proven to be supported is Supported,
    /// whatever other verifiers do not know of it.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IsProof { get; init; }

    /// <summary>The reason in words, such as which number is missing; null when the verdict says it all.</summary>
    public string? Explanation { get; init; }

    /// <summary>Whether it was made for an earlier request and came from the cache (<see cref="VerificationOptions.VerdictCache"/>).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IsCached { get; init; }

    /// <summary>The activity in which a cached finding was made, as a W3C traceparent; null when that was not traced.</summary>
    public string? MadeIn { get; init; }
}
