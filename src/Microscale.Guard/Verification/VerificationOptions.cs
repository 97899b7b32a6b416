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

    /// <summary>What the tokens of verifiers cost, for telemetry.</summary>
    /// <value>The default value is <see langword="null"/>: no cost is told.</value>
    public TokenPrices? Prices { get; set; }

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
