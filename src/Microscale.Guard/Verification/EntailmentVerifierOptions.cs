using System.Globalization;

namespace Microscale.Guard;

/// <summary>Settings of <see cref="EntailmentVerifier"/>. Read once, when the verifier is created.</summary>
public sealed class EntailmentVerifierOptions
{
    /// <summary>What stands before a verifier's fingerprint where its support is calibrated.</summary>
    internal const string SupportPrefix = "support/";

    /// <summary>The most words of a window of evidence. Fit it to the model: it reads only so many tokens.</summary>
    /// <value>The default value is 150.</value>
    public int WindowWords { get; set; } = 150;

    /// <summary>The most windows, one a passage of the evidence, that a claim is compared with. Cost grows with it. Passages that
    /// share little with the claim are left out, save the one that shares most.</summary>
    /// <value>The default value is 3.</value>
    public int MaxWindows { get; set; } = 3;

    /// <summary>The longest claim that the model is asked about, in UTF-16 units; a longer one, such as a block of code, is
    /// unverifiable. Fit it to the model: it must read every claim whole.</summary>
    /// <value>The default value is 600.</value>
    public int MaxClaimLength { get; set; } = SentenceSegmenter.DefaultMaxLength;

    /// <summary>The least support, in the best window, of a supported claim; see <see cref="EntailmentVerifier"/>. It is not
    /// calibrated and no error rate: fit it to the kind of answer where there are labelled ones.</summary>
    /// <value>The default value is 0.5.</value>
    public double SupportThreshold { get; set; } = 0.5;

    /// <summary>The least probability of contradiction, in the worst window, of a contradicted claim. It is not calibrated
    /// and no error rate.</summary>
    /// <value>The default value is 0.5.</value>
    public double ContradictionThreshold { get; set; } = 0.5;

    internal string Fingerprint => string.Create(
        CultureInfo.InvariantCulture, $"entailment/window_words={WindowWords}/max_windows={MaxWindows}/max_claim_length={MaxClaimLength}");

    /// <summary>Sets <see cref="SupportThreshold"/> to what a calibration found for a target error rate: at most that share of the
    /// claims that are called supported is not, for claims and passages that come as the labelled ones came.</summary>
    /// <param name="errorRate">The highest error rate that is wanted, between 0 and 1.</param>
    /// <param name="calibration">What was learned from labelled claims with these options.</param>
    /// <param name="method">How the threshold was found, and of which error it speaks.</param>
    /// <returns>These options.</returns>
    /// <exception cref="InvalidOperationException">The calibration was fitted with other options or another verifier, or has no
    /// threshold for this rate.</exception>
    public EntailmentVerifierOptions SupportToMeet(
        double errorRate, CalibrationArtefact calibration, RiskControlMethod method = RiskControlMethod.LearnThenTest)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        var scorer = SupportPrefix + Fingerprint;
        if (calibration.Pipeline.Scorer != scorer)
        {
            throw new InvalidOperationException(
                $"The calibration was fitted for '{calibration.Pipeline.Scorer}', but these options make '{scorer}'. Calibrate anew with these options, or use those.");
        }

        SupportThreshold = new RiskControlledPolicy(calibration, errorRate, method).Guarantee.Threshold!.Value;
        return this;
    }

    /// <summary>All that moves a verdict.</summary>
    internal string CacheKey => string.Create(
        CultureInfo.InvariantCulture, $"{WindowWords}/{MaxWindows}/{MaxClaimLength}/{SupportThreshold:R}/{ContradictionThreshold:R}");

    internal EntailmentVerifierOptions Validated()
    {
        const string Prefix = nameof(EntailmentVerifierOptions) + ".";
        if (WindowWords < 10)
        {
            throw new ArgumentOutOfRangeException(nameof(WindowWords), WindowWords, Prefix + $"{nameof(WindowWords)} must be at least 10: a window holds sentences.");
        }

        if (MaxWindows < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxWindows), MaxWindows, Prefix + $"{nameof(MaxWindows)} must be at least 1.");
        }

        if (MaxClaimLength < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxClaimLength), MaxClaimLength, Prefix + $"{nameof(MaxClaimLength)} must be at least 1.");
        }

        CheckProbability(SupportThreshold, nameof(SupportThreshold));
        CheckProbability(ContradictionThreshold, nameof(ContradictionThreshold));
        return (EntailmentVerifierOptions)MemberwiseClone();

        static void CheckProbability(double value, string name)
        {
            if (value is not (> 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(name, value, Prefix + $"{name} must be above 0 and at most 1: it is compared with a probability.");
            }
        }
    }
}
