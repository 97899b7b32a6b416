namespace Microscale.Guard;

/// <summary>Makes verifiers.</summary>
public static class ClaimVerifiers
{
    /// <summary>A verifier that is a function of one claim.</summary>
    /// <param name="name">Its name in reports and telemetry: lower case, of low cardinality.</param>
    /// <param name="verify">Judges one claim; null for no opinion. Must be safe for concurrent callers. What it throws makes
    /// all claims of the call unverifiable.</param>
    /// <returns>The verifier; it asks about the claims of a call one after another.</returns>
    public static IClaimVerifier FromDelegate(string name, Func<Claim, VerificationContext, CancellationToken, ValueTask<VerifierFinding?>> verify)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(verify);
        return new DelegateVerifier(name, verify);
    }

    private sealed class DelegateVerifier(string name, Func<Claim, VerificationContext, CancellationToken, ValueTask<VerifierFinding?>> verify)
        : IClaimVerifier
    {
        public string Name => name;

        public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken)
        {
            var findings = new List<VerifierFinding?>(context.Claims.Count);
            foreach (var claim in context.Claims)
            {
                cancellationToken.ThrowIfCancellationRequested();
                findings.Add(await verify(claim, context, cancellationToken));
            }

            return findings;
        }
    }
}
