namespace Microscale.Guard;

/// <summary>Combines what the verifiers say of one claim.</summary>
/// <remarks>The first rule that fits: any says Contradicted: Contradicted; any proves support: Supported; any failed: Unverifiable; any says Unverifiable:
/// Unverifiable; at least one says Supported: Supported; none has an opinion: Unverifiable. So support never outweighs a
/// doubt, and silence is not support.</remarks>
internal static class VerdictCombination
{
    /// <param name="findings">What the verifiers that had an opinion found.</param>
    /// <param name="failed">Whether a verifier failed.</param>
    public static Verdict Combine(IReadOnlyList<VerifierFinding> findings, bool failed)
    {
        var (isProven, isSupported) = (false, findings.Count > 0 && !failed);
        for (var i = 0; i < findings.Count; i++)
        {
            var finding = findings[i];
            if (finding.Verdict == Verdict.Contradicted)
            {
                return Verdict.Contradicted;
            }

            isProven |= finding is { Verdict: Verdict.Supported, IsProof: true };
            isSupported &= finding.Verdict == Verdict.Supported;
        }

        return isProven || isSupported ? Verdict.Supported : Verdict.Unverifiable;
    }
}
