using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microscale.Guard.AspNetCore;

/// <summary>Whether a verifier judges a claim that cannot be anything but supported.</summary>
internal sealed class VerifierHealthCheck(IClaimVerifier verifier) : IHealthCheck
{
    private const string Statement = "Water freezes at 0 degrees Celsius.";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var question = new VerificationContext([new Claim(Statement, 0, Statement.Length)], [new Evidence("probe", Statement)], "At what temperature does water freeze?") { Answer = Statement };
            var findings = await verifier.VerifyAsync(question, cancellationToken).AsTask().WaitAsync(cancellationToken);
            return findings switch
            {
                [null or { Verdict: not Verdict.Contradicted }] => HealthCheckResult.Healthy(verifier.Name),
                [_] => new(context.Registration.FailureStatus, $"The verifier '{verifier.Name}' contradicts what its evidence says word for word."),
                _ => new(context.Registration.FailureStatus, $"The verifier '{verifier.Name}' gave {findings?.Count ?? 0} findings for one claim."),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, $"The verifier '{verifier.Name}' failed: {exception.GetType().Name}.", exception);
        }
    }
}
