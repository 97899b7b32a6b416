using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace Microscale.Guard;

/// <summary>Findings that requests, and processes, share. Whatever goes wrong in it is a miss: nothing is supported by a cache
/// alone, and no request fails by one.</summary>
internal sealed class VerdictCache(HybridCache cache, VerificationOptions options)
{
    private const string Name = "verdict_cache";

    /// <summary>What is not there is not made by the cache: the claims that are missing are judged together.</summary>
    private static readonly HybridCacheEntryOptions OnlyRead = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    /// <summary>Another version may judge by other rules.</summary>
    private static readonly string Version = typeof(VerdictCache).Assembly.GetName().Version?.ToString() ?? "";

    private readonly HybridCacheEntryOptions _kept = new() { Expiration = options.VerdictLifetime };

    /// <summary>The key of each claim's finding.</summary>
    /// <param name="verifier">The verifier's name and fingerprint.</param>
    /// <param name="context">What the claims are judged by.</param>
    /// <param name="claims">The claims.</param>
    public static string[] Keys(string verifier, VerificationContext context, IReadOnlyList<Claim> claims)
    {
        using var common = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(common, Version);
        Append(common, verifier);
        Append(common, context.Question);
        foreach (var evidence in context.Evidence)
        {
            Append(common, evidence.Source ?? "");
            Append(common, evidence.Text);
        }

        var basis = Convert.ToHexString(common.GetHashAndReset());
        return [.. claims.Select(claim =>
        {
            Append(common, basis);
            Append(common, claim.Text);
            Append(common, string.Join(',', claim.Citations));
            return "microscale.guard.verdict:" + Convert.ToHexStringLower(common.GetHashAndReset());
        })];
    }

    /// <summary>The findings that are there, in the order of the keys; null for each that is not.</summary>
    public async Task<(CachedFinding?[] Found, GuardFault? Fault)> FindAsync(
        string[] keys, string verifier, IReadOnlyList<Evidence> evidence, CancellationToken cancellationToken)
    {
        var (texts, fault) = await FaultBarrier.RunAsync(
            GuardStage.Verification,
            Name,
            static async (read, stop) => await Task.WhenAll(read.keys.Select(key => read.cache.GetOrCreateAsync(
                key, static _ => ValueTask.FromResult<string?>(null), OnlyRead, cancellationToken: stop).AsTask())),
            (cache, keys),
            options.VerdictCacheTimeout,
            options.TimeProvider,
            cancellationToken);
        return (texts is null ? new CachedFinding?[keys.Length] : [.. texts.Select(t => t is null ? null : Read(t, verifier, evidence))], fault);
    }

    /// <summary>Keeps findings, with the activity in which they were made.</summary>
    public async Task<GuardFault?> KeepAsync(
        string[] keys, VerifierFinding?[] findings, IReadOnlyList<Evidence> evidence, Activity? activity, CancellationToken cancellationToken)
    {
        var madeIn = activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : null;
        var (_, fault) = await FaultBarrier.RunAsync(
            GuardStage.Verification,
            Name,
            async (keys, stop) =>
            {
                await Task.WhenAll(keys.Zip(findings, (key, finding) =>
                    cache.SetAsync(key, Write(finding, evidence, madeIn), _kept, cancellationToken: stop).AsTask()));
                return keys;
            },
            keys,
            options.VerdictCacheTimeout,
            options.TimeProvider,
            cancellationToken);
        return fault;
    }

    private static string Write(VerifierFinding? finding, IReadOnlyList<Evidence> evidence, string? madeIn)
    {
        // Ids of tool results differ from request to request: the place of a passage is what stays.
        var place = finding?.EvidenceId is { } id ? evidence.TakeWhile(e => e.Id != id).Count() : (int?)null;
        return JsonSerializer.Serialize(
            new StoredFinding(finding?.Verdict, finding?.Score, place < evidence.Count ? place : null, finding?.IsProof ?? false, finding?.Explanation, madeIn, finding?.Support),
            GuardJsonContext.Default.StoredFinding);
    }

    /// <summary>A finding that was kept; null when it is none, so that the claim is judged anew.</summary>
    private static CachedFinding? Read(string text, string verifier, IReadOnlyList<Evidence> evidence)
    {
        StoredFinding? stored;
        try
        {
            stored = JsonSerializer.Deserialize(text, GuardJsonContext.Default.StoredFinding);
        }
        catch (JsonException)
        {
            return null;
        }

        if (stored is null || (stored.Verdict is { } known && !Enum.IsDefined(known))
            || stored.Score is not (null or (>= 0 and <= 1)) || stored.Support is not (null or (>= 0 and <= 1)) || stored.Passage is { } place && (place < 0 || place >= evidence.Count))
        {
            return null;
        }

        return new CachedFinding(stored.Verdict is not { } verdict ? null : new VerifierFinding(verifier, verdict)
        {
            Score = stored.Score,
            Support = stored.Support,
            EvidenceId = stored.Passage is { } passage ? evidence[passage].Id : null,
            IsProof = stored.IsProof,
            Explanation = stored.Explanation,
            IsCached = true,
            MadeIn = ActivityContext.TryParse(stored.MadeIn, null, out _) ? stored.MadeIn : null,
        });
    }

    /// <summary>Each text with its length before it, so that no two lists of texts are hashed alike.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(BitConverter.GetBytes(text.Length));
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>What the cache knows of a claim.</summary>
/// <param name="Finding">The finding; null when the verifier had no opinion.</param>
internal sealed record CachedFinding(VerifierFinding? Finding);

/// <summary>A finding as it is stored.</summary>
/// <param name="Verdict">Null for no opinion.</param>
/// <param name="Score">Its score.</param>
/// <param name="Passage">The place among the evidence of the passage that decided.</param>
/// <param name="IsProof">Whether it is proven.</param>
/// <param name="Explanation">The reason in words.</param>
/// <param name="MadeIn">The activity in which it was made, as W3C traceparent.</param>
/// <param name="Support">Its support.</param>
[method: System.Text.Json.Serialization.JsonConstructor]
internal sealed record StoredFinding(
    [property: System.Text.Json.Serialization.JsonRequired] Verdict? Verdict, double? Score, int? Passage, bool IsProof, string? Explanation, string? MadeIn, double? Support = null);
