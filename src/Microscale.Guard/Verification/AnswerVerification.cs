using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Runs the verifiers over the claims of one answer, part by part. Not safe for concurrent use.</summary>
internal sealed class AnswerVerification(
    IReadOnlyList<(string Name, IClaimVerifier Verifier)> verifiers, VerificationOptions options, ILogger logger, string question)
{
    private readonly bool[] _hung = new bool[verifiers.Count];

    /// <summary>Judges claims by evidence.</summary>
    public async Task<VerificationResult> VerifyAsync(
        IReadOnlyList<Claim> claims, IReadOnlyList<Evidence> evidence, string? responseId, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return VerificationResult.Empty;
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification);
        var begun = options.TimeProvider.GetTimestamp();
        var faults = new List<GuardFault>();
        var findings = new VerifierFinding?[]?[verifiers.Count];
        for (var i = 0; i < verifiers.Count; i++)
        {
            if (_hung[i])
            {
                continue;
            }

            var (found, fault) = await AskAsync(verifiers[i], new VerificationContext(claims, evidence, question), cancellationToken);
            findings[i] = found;
            if (fault is not null)
            {
                _hung[i] = fault.ErrorType == "timeout";
                faults.Add(fault);
                GuardTelemetry.RecordFault(activity, fault);
                logger.VerifierFailed(fault.Component, fault.ErrorType, claims.Count);
            }
        }

        ClaimVerdict[] verdicts = [.. claims.Select((claim, c) => Combine(claim, c, findings))];
        var duration = options.TimeProvider.GetElapsedTime(begun);
        GuardTelemetry.RecordVerdicts(activity, verdicts, responseId);
        logger.Verified(
            verdicts.Length,
            duration.TotalMilliseconds,
            verdicts.Count(v => v.Verdict == Verdict.Supported),
            verdicts.Count(v => v.Verdict == Verdict.Contradicted));
        return new VerificationResult(verdicts, faults, duration);
    }

    private async Task<(VerifierFinding?[]? Findings, GuardFault? Fault)> AskAsync(
        (string Name, IClaimVerifier Verifier) verifier, VerificationContext context, CancellationToken cancellationToken)
    {
        var (findings, fault) = await FaultBarrier.RunAsync<VerifierFinding?[]>(
            GuardStage.Verification,
            verifier.Name,
            async stop => await verifier.Verifier.VerifyAsync(context, stop) is { } list ? [.. list] : null!,
            options.VerifierTimeout,
            options.TimeProvider,
            cancellationToken);
        if (findings is not null && Flaw(findings, context.Claims.Count) is { } flaw)
        {
            return (null, new GuardFault(GuardStage.Verification, verifier.Name, "invalid", flaw));
        }

        return (findings, fault);
    }

    /// <summary>What cannot be in an answer of a verifier; null when it can be.</summary>
    private static string? Flaw(VerifierFinding?[] findings, int claimCount)
    {
        if (findings.Length != claimCount)
        {
            return $"It gave {findings.Length} findings for {claimCount} claims.";
        }

        foreach (var finding in findings)
        {
            if (finding is null)
            {
                continue;
            }

            if (finding.Score is { } score && score is not (>= 0 and <= 1))
            {
                return "It gave a score outside of 0 to 1.";
            }

            if (!Enum.IsDefined(finding.Verdict))
            {
                return "It gave a verdict that does not exist.";
            }
        }

        return null;
    }

    private static ClaimVerdict Combine(Claim claim, int index, VerifierFinding?[]?[] findings)
    {
        var verdict = VerdictCombination.Combine([.. findings.Select(f => (f?[index]?.Verdict, f is null))]);
        return new ClaimVerdict(claim, verdict)
        {
            Findings = [.. findings.Select(f => f?[index]).OfType<VerifierFinding>()],
            VerifierFailed = findings.Any(f => f is null),
        };
    }
}

/// <summary>What the verifiers found on some claims.</summary>
internal sealed record VerificationResult(IReadOnlyList<ClaimVerdict> Verdicts, IReadOnlyList<GuardFault> Faults, TimeSpan Duration)
{
    public static VerificationResult Empty { get; } = new([], [], TimeSpan.Zero);
}
