namespace Microscale.Guard;

/// <summary>Judges the claims of an answer by evidence.</summary>
/// <remarks>Implementations must be safe for concurrent callers.</remarks>
public interface IClaimVerifier
{
    /// <summary>The verifier's name in reports and telemetry: lower case, of low cardinality.</summary>
    string Name { get; }

    /// <summary>What a calibration of its <see cref="VerifierFinding.Support"/> is bound to: the <see cref="Name"/>, and after a slash
    /// each setting that changes what a value means.</summary>
    /// <value>By default the name.</value>
    string Fingerprint => Name;

    /// <summary>What asking it costs: cheaper verifiers run first. Read once.</summary>
    /// <value>The default value is <see cref="VerifierCost.LocalModel"/>.</value>
    VerifierCost Cost => VerifierCost.LocalModel;

    /// <summary>What its findings depend on beside the claim (its text and citations), the evidence (texts and sources) and the
    /// question, such as the model and the settings: findings of an equal key are shared where there is a cache
    /// (<see cref="VerificationOptions.VerdictCache"/>). Read at each call.</summary>
    /// <value>The default value is <see langword="null"/>: they depend on more, or cost less than a cache, and are never shared.</value>
    string? CacheKey => null;

    /// <summary>Judges claims.</summary>
    /// <param name="context">The claims, and what they are judged by.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A finding for each claim, in the same order; null where this verifier has no opinion (a rule for numbers
    /// has none on a claim without a number). A list of another length counts as a failure.</returns>
    ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default);
}
