using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Runs the verifiers over the claims of one answer, part by part. Not safe for concurrent use.</summary>
internal sealed class AnswerVerification(
    IReadOnlyList<(string Name, IClaimVerifier Verifier)> verifiers,
    VerificationOptions options,
    ILogger logger,
    string question,
    IReadOnlyList<ChatMessage> messages)
{
    private readonly bool[] _hung = new bool[verifiers.Count];
    private VerdictCache? _cache = options.VerdictCache is { } shared ? new VerdictCache(shared, options) : null;
    private TimeSpan _spent;

    /// <summary>Judges claims by evidence.</summary>
    /// <param name="claims">The claims of a part of the answer.</param>
    /// <param name="answer">The answer up to the end of the part.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="responseId">Names the response in telemetry.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<VerificationResult> VerifyAsync(
        IReadOnlyList<Claim> claims, string answer, IReadOnlyList<Evidence> evidence, string? responseId, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return VerificationResult.Empty;
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification);
        var begun = options.TimeProvider.GetTimestamp();
        var context = new VerificationContext(claims, evidence, question) { Answer = answer, Messages = messages };
        ClaimOpinions[] opinions = [.. claims.Select(_ => new ClaimOpinions())];
        var faults = new List<GuardFault>();
        for (var i = 0; i < verifiers.Count; i++)
        {
            int[] open = [.. Enumerable.Range(0, claims.Count).Where(c => !opinions[c].IsSettled(options.StopAtFirstDoubt))];
            if (open.Length == 0)
            {
                break;
            }

            foreach (var fault in await AskAsync(i, context, open, opinions, begun, activity, cancellationToken))
            {
                faults.Add(fault);
                GuardTelemetry.RecordFault(activity, fault);
            }
        }

        ClaimVerdict[] verdicts = [.. claims.Select((claim, c) => opinions[c].Combine(claim))];
        var duration = options.TimeProvider.GetElapsedTime(begun);
        _spent += duration;
        GuardTelemetry.RecordVerdicts(activity, verdicts, responseId);
        GuardTelemetry.RecordTokens(context.Usage);
        logger.Verified(
            verdicts.Length,
            duration.TotalMilliseconds,
            verdicts.Count(v => v.Verdict == Verdict.Supported),
            verdicts.Count(v => v.Verdict == Verdict.Contradicted));
        return new VerificationResult(verdicts, faults, duration, context.Usage);
    }

    /// <summary>Asks a verifier about the claims that are open, of which the cache may know some, and adds what it says to their
    /// opinions.</summary>
    /// <returns>What went wrong.</returns>
    private async Task<IReadOnlyList<GuardFault>> AskAsync(
        int index, VerificationContext context, int[] open, ClaimOpinions[] opinions, long begun, Activity? activity, CancellationToken cancellationToken)
    {
        var (name, verifier) = verifiers[index];
        var faults = new List<GuardFault>();
        var keys = _cache is not null && verifier.CacheKey is { } fingerprint
            ? VerdictCache.Keys($"{name}\0{fingerprint}", context, [.. open.Select(c => context.Claims[c])])
            : [];
        if (keys.Length > 0)
        {
            var (found, fault) = await _cache!.FindAsync(keys, name, context.Evidence, cancellationToken);
            LeaveCacheAt(fault);
            for (var c = 0; c < open.Length; c++)
            {
                opinions[open[c]].Add(found[c]?.Finding);
            }

            GuardTelemetry.RecordVerdictCacheHits(activity, name, [.. found.OfType<CachedFinding>()]);
            keys = [.. keys.Where((_, c) => found[c] is null)];
            open = [.. open.Where((_, c) => found[c] is null)];
        }

        if (open.Length == 0)
        {
            return faults;
        }

        var (findings, failure) = await AskAsync(index, context, open, begun, cancellationToken);
        for (var c = 0; c < open.Length; c++)
        {
            if (findings is null)
            {
                opinions[open[c]].AddFailure();
            }
            else
            {
                opinions[open[c]].Add(findings[c]);
            }
        }

        if (failure is not null)
        {
            faults.Add(failure);
            logger.VerifierFailed(failure.Component, failure.ErrorType, open.Length);
        }
        else if (findings is not null && keys.Length > 0 && _cache is not null)
        {
            LeaveCacheAt(await _cache.KeepAsync(keys, findings, context.Evidence, activity, cancellationToken));
        }

        return faults;

        void LeaveCacheAt(GuardFault? fault)
        {
            if (fault is not null)
            {
                faults.Add(fault);
                logger.VerdictCacheFailed(fault.ErrorType);
                _cache = null;
            }
        }
    }

    /// <summary>What a verifier says of the claims that are open; null when it failed, now or before.</summary>
    private async Task<(VerifierFinding?[]? Findings, GuardFault? Fault)> AskAsync(
        int index, VerificationContext context, int[] open, long begun, CancellationToken cancellationToken)
    {
        var (name, verifier) = verifiers[index];
        var timeout = options.VerifierTimeout;
        if (options.LatencyBudget is { } budget && budget - _spent - options.TimeProvider.GetElapsedTime(begun) is var left && left < timeout)
        {
            timeout = left;
        }

        if (_hung[index])
        {
            return default;
        }

        if (timeout <= TimeSpan.Zero)
        {
            return (null, new GuardFault(GuardStage.Verification, name, "budget", $"The latency budget of {options.LatencyBudget} was spent before it was asked."));
        }

        IReadOnlyList<Claim> claims = open.Length == context.Claims.Count ? context.Claims : [.. open.Select(c => context.Claims[c])];
        var (findings, fault) = await FaultBarrier.RunAsync<VerifierFinding?[]>(
            GuardStage.Verification,
            name,
            async stop => await verifier.VerifyAsync(context with { Claims = claims }, stop) is { } list ? [.. list] : null!,
            timeout,
            options.TimeProvider,
            cancellationToken);
        if (findings is not null && Flaw(findings, claims.Count) is { } flaw)
        {
            fault = new GuardFault(GuardStage.Verification, name, "invalid", flaw);
        }

        _hung[index] = fault?.ErrorType == "timeout";
        return fault is null ? (findings, null) : (null, fault);
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
}

/// <summary>What the verifiers found on some claims.</summary>
/// <param name="Verdicts">One a claim.</param>
/// <param name="Faults">What failed.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Usage">The tokens that the verifiers spent; null for none.</param>
internal sealed record VerificationResult(
    IReadOnlyList<ClaimVerdict> Verdicts, IReadOnlyList<GuardFault> Faults, TimeSpan Duration, UsageDetails? Usage = null)
{
    public static VerificationResult Empty { get; } = new([], [], TimeSpan.Zero);

    /// <summary>This result and one of later claims.</summary>
    public VerificationResult Plus(VerificationResult later) => new(
        [.. Verdicts, .. later.Verdicts], [.. Faults, .. later.Faults], Duration + later.Duration, UsageSum.Of(Usage, later.Usage));
}
