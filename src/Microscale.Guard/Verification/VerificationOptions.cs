using Microsoft.Extensions.Caching.Hybrid;

namespace Microscale.Guard;

/// <summary>Settings of <see cref="VerificationChatClient"/>. Read once, when the client is created.</summary>
public sealed class VerificationOptions
{
    /// <summary>The longest that one verifier may take for one call: for all claims of a buffered answer, for one sentence
    /// of a stream. A verifier that takes longer has failed, and is not asked again for the same answer.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan VerifierTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that the verification of one answer may take in all: what is not judged by then is unverifiable.
    /// Cheap verifiers run first.</summary>
    /// <value>The default value is <see langword="null"/>: only <see cref="VerifierTimeout"/> holds.</value>
    public TimeSpan? LatencyBudget { get; set; }

    /// <summary>Whether a claim that a verifier found unverifiable, or failed on, is left there. It cannot become supported any
    /// more, so the same claims are supported, at less cost; but one that a later verifier would have found contradicted
    /// stays unverifiable.</summary>
    /// <value>The default value is <see langword="false"/>: only a contradicted claim is settled.</value>
    public bool StopAtFirstDoubt { get; set; }

    /// <summary>The longest sentence, in UTF-16 units: one that does not end before is cut at white space. Blocks of code
    /// are never cut.</summary>
    /// <value>The default value is 600.</value>
    public int MaxSentenceLength { get; set; } = SentenceSegmenter.DefaultMaxLength;

    /// <summary>Where findings are kept and looked for, so that a claim that was judged by the same evidence, question and verifier
    /// is not judged again, in this process or another (a <see cref="HybridCache"/> with a second level). Only verifiers with a
    /// <see cref="IClaimVerifier.CacheKey"/> take part. The keys are hashes; the entries hold verdicts, and explanations
    /// that may quote content. Whoever can write to the cache can forge verdicts.</summary>
    /// <value>The default value is <see langword="null"/>: nothing is kept.</value>
    public HybridCache? VerdictCache { get; set; }

    /// <summary>How long a finding is kept.</summary>
    /// <value>The default value is 1 day.</value>
    public TimeSpan VerdictLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long the cache may take to look up, or to keep, the findings of one call. A cache that takes longer, or throws, is a
    /// fault in the report, and is not asked again for the same answer; the claims are judged as if it were not there.</summary>
    /// <value>The default value is 250 milliseconds.</value>
    public TimeSpan VerdictCacheTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The clock for timeouts and timings.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal VerificationOptions Validated()
    {
        if (VerifierTimeout <= TimeSpan.Zero || VerifierTimeout.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(VerifierTimeout), VerifierTimeout, $"{nameof(VerificationOptions)}.{nameof(VerifierTimeout)} must be above zero and at most 24 days: set how long a verifier may take.");
        }

        if (VerdictLifetime <= TimeSpan.Zero || VerdictCacheTimeout <= TimeSpan.Zero || VerdictCacheTimeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(VerdictLifetime), VerdictLifetime, $"{nameof(VerificationOptions)}.{nameof(VerdictLifetime)} and {nameof(VerdictCacheTimeout)} must be above zero, and the timeout at most a day: leave {nameof(VerdictCache)} null for no cache.");
        }

        if (LatencyBudget <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LatencyBudget), LatencyBudget, $"{nameof(VerificationOptions)}.{nameof(LatencyBudget)} must be above zero: leave it null for no budget.");
        }

        if (MaxSentenceLength < SentenceSegmenter.MinMaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxSentenceLength), MaxSentenceLength, $"{nameof(VerificationOptions)}.{nameof(MaxSentenceLength)} must be at least {SentenceSegmenter.MinMaxLength} characters.");
        }

        if (TimeProvider is null)
        {
            throw new ArgumentNullException(nameof(TimeProvider), $"{nameof(VerificationOptions)}.{nameof(TimeProvider)} is null: set {nameof(TimeProvider)}.{nameof(TimeProvider.System)}.");
        }

        return (VerificationOptions)MemberwiseClone();
    }
}
