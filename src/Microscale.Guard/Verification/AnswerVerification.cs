using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    private bool[]? _hung;
    private VerdictCache? _cache = options.VerdictCache is { } shared ? new VerdictCache(shared, options) : null;
    private TimeSpan _spent;
    private List<GuardFault>? _faults;

    /// <summary>Judges claims by evidence.</summary>
    /// <param name="claims">The claims of a part of the answer.</param>
    /// <param name="answer">The answer up to the end of the part.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="responseId">Names the response in telemetry.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<VerificationResult> VerifyAsync(
        IReadOnlyList<Claim> claims, string answer, IReadOnlyList<Evidence> evidence, string? responseId, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return VerificationResult.Empty;
        }

        using var activity = GuardTelemetry.StartPart(GuardTelemetryNames.Activities.Verification);
        var begun = options.TimeProvider.GetTimestamp();
        var context = new VerificationContext(claims, evidence, question) { Answer = answer, Messages = messages };
        var opinions = new ClaimOpinions[claims.Count];
        for (var c = 0; c < opinions.Length; c++)
        {
            opinions[c] = new();
        }

        _faults = null;
        var recorded = 0;
        for (var i = 0; i < verifiers.Count; i++)
        {
            var open = Open(opinions);
            if (open.Length == 0)
            {
                break;
            }

            if (_cache is not null && verifiers[i].Verifier.CacheKey is { } fingerprint)
            {
                await AskThroughCacheAsync(i, fingerprint, context, open, opinions, begun, activity, cancellationToken);
            }
            else
            {
                Take(i, await AskAsync(i, context, open, begun, cancellationToken), open, opinions);
            }

            for (; recorded < _faults?.Count; recorded++)
            {
                GuardTelemetry.RecordFault(activity, _faults[recorded]);
            }
        }

        var verdicts = new ClaimVerdict[claims.Count];
        for (var c = 0; c < verdicts.Length; c++)
        {
            verdicts[c] = opinions[c].Combine(claims[c]);
        }

        var duration = options.TimeProvider.GetElapsedTime(begun);
        _spent += duration;
        Record(activity, verdicts, context.Spent, duration, responseId);
        return new VerificationResult(verdicts, (IReadOnlyList<GuardFault>?)_faults ?? [], duration, context.Usage);
    }

    private void Record(
        Activity? activity,
        ClaimVerdict[] verdicts,
        ImmutableArray<(UsageDetails Usage, string? ModelId)> spent,
        TimeSpan duration,
        string? responseId)
    {
        GuardTelemetry.RecordVerdicts(activity, logger, verdicts, responseId);
        foreach (var (usage, modelId) in spent)
        {
            GuardTelemetry.RecordTokens(usage, null, modelId, options.Prices);
        }

        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Verified(
                verdicts.Length,
                duration.TotalMilliseconds,
                verdicts.Count(v => v.Verdict == Verdict.Supported),
                verdicts.Count(v => v.Verdict == Verdict.Contradicted));
        }
    }

    /// <summary>The claims whose verdict a further verifier can change.</summary>
    private int[] Open(ClaimOpinions[] opinions)
    {
        var open = new int[opinions.Length];
        var count = 0;
        for (var c = 0; c < opinions.Length; c++)
        {
            if (!opinions[c].IsSettled(options.StopAtFirstDoubt))
            {
                open[count++] = c;
            }
        }

        return count == open.Length ? open : open[..count];
    }

    /// <summary>Asks a verifier about those of the open claims that the cache does not know.</summary>
    private async Task AskThroughCacheAsync(
        int index,
        string fingerprint,
        VerificationContext context,
        int[] open,
        ClaimOpinions[] opinions,
        long begun,
        Activity? activity,
        CancellationToken cancellationToken)
    {
        var name = verifiers[index].Name;
        var keys = VerdictCache.Keys($"{name}\0{fingerprint}", context, Claims(context, open));
        var (found, fault) = await _cache!.FindAsync(keys, name, context.Evidence, cancellationToken);
        LeaveCacheAt(fault);
        for (var c = 0; c < open.Length; c++)
        {
            opinions[open[c]].Add(found[c]?.Finding);
        }

        GuardTelemetry.RecordVerdictCacheHits(activity, name, [.. found.OfType<CachedFinding>()]);
        keys = [.. keys.Where((_, c) => found[c] is null)];
        open = [.. open.Where((_, c) => found[c] is null)];
        if (open.Length > 0
            && Take(index, await AskAsync(index, context, open, begun, cancellationToken), open, opinions) is { } findings
            && _cache is not null)
        {
            LeaveCacheAt(await _cache.KeepAsync(keys, findings, context.Evidence, activity, cancellationToken));
        }
    }

    private void LeaveCacheAt(GuardFault? fault)
    {
        if (fault is not null)
        {
            (_faults ??= []).Add(fault);
            logger.VerdictCacheFailed(fault.ErrorType);
            _cache = null;
        }
    }

    /// <summary>Asks a verifier about the claims that are open; gives neither findings nor a fault when it hung before.</summary>
    private ValueTask<(VerifierFinding?[]? Findings, GuardFault? Fault)> AskAsync(
        int index, VerificationContext context, int[] open, long begun, CancellationToken cancellationToken)
    {
        var (name, verifier) = verifiers[index];
        var timeout = options.VerifierTimeout;
        if (options.LatencyBudget is { } budget && budget - _spent - options.TimeProvider.GetElapsedTime(begun) is var left && left < timeout)
        {
            timeout = left;
        }

        if (_hung?[index] is true)
        {
            return default;
        }

        if (timeout <= TimeSpan.Zero)
        {
            return new((null, new GuardFault(
                GuardStage.Verification, name, "budget", $"The latency budget of {options.LatencyBudget} was spent before it was asked.")));
        }

        var asked = open.Length == context.Claims.Count ? context : context with { Claims = Claims(context, open) };
        return FaultBarrier.RunAsync<(IClaimVerifier, VerificationContext), VerifierFinding?[]>(
            GuardStage.Verification,
            name,
            static async (ask, stop) => await ask.Item1.VerifyAsync(ask.Item2, stop) is { } list ? [.. list] : null!,
            (verifier, asked),
            timeout,
            options.TimeProvider,
            cancellationToken);
    }

    private static Claim[] Claims(VerificationContext context, int[] open) => [.. open.Select(c => context.Claims[c])];

    /// <summary>Adds what a verifier said of the claims that were open, or that it failed, to their opinions.</summary>
    /// <returns>What it said; null when it failed, now or before.</returns>
    private VerifierFinding?[]? Take(int index, (VerifierFinding?[]? Findings, GuardFault? Fault) said, int[] open, ClaimOpinions[] opinions)
    {
        var (findings, fault) = said;
        var name = verifiers[index].Name;
        if (findings is not null && Flaw(findings, open.Length) is { } flaw)
        {
            (findings, fault) = (null, new GuardFault(GuardStage.Verification, name, "invalid", flaw));
        }

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

        if (fault is not null)
        {
            (_faults ??= []).Add(fault);
            logger.VerifierFailed(fault.Component, fault.ErrorType, open.Length);
            if (fault.ErrorType == "timeout")
            {
                (_hung ??= new bool[verifiers.Count])[index] = true;
            }
        }

        return findings;
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
