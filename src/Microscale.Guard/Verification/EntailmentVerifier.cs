using System.Runtime.CompilerServices;

namespace Microscale.Guard;

/// <summary>Judges claims with an entailment model over windows of the evidence.</summary>
/// <remarks>
/// <para>A window is made of the sentences of one passage that share most with the claim. The support of a claim by a window is
/// σ(2 (e − c) + 1.2 v + 0.8 s − 2 f − 1.2 n − 1): e and c are the model's probabilities of entailment and contradiction, v is 1 where a
/// sentence of the passage says nearly the same words in the same order and else 0, s is the share of the claim's content words
/// that the window holds, f is 1 where the claim names a number, a quantity or a date that no evidence names, n the same for a name
/// (see <see cref="FactsVerifier"/>), and σ is the logistic function. (Weights of a logistic regression on one half of four sets of
/// answers, rounded; docs/verification.md has the figures.) The support of the claim is the highest over the windows, so that one
/// passage is enough (as in MiniCheck, Tang et al. 2024, arXiv 2404.10774); contradiction is looked at apart.</para>
/// <para>A claim is Supported when its support reaches <see cref="EntailmentVerifierOptions.SupportThreshold"/>, unless another
/// window contradicts it more than the supporting one entails it; an entailment of 0.9 is believed all the same, and settles the
/// claim without asking about further windows. Else it is Contradicted when contradiction reaches
/// <see cref="EntailmentVerifierOptions.ContradictionThreshold"/> in a window that holds half of the claim's content words (a
/// passage on something else contradicts much); else Unverifiable, as are claims too long to be read whole. Without evidence
/// there is no opinion.</para>
/// <para>The score is the support, or the probability of contradiction of a contradicted claim. Safe for concurrent callers if
/// the model is.</para>
/// </remarks>
public sealed class EntailmentVerifier : IClaimVerifier
{
    private readonly IEntailmentModel _model;
    private readonly EntailmentVerifierOptions _options;

    // Evidence is cut once for all sentences of an answer.
    private readonly ConditionalWeakTable<IReadOnlyList<Evidence>, EvidenceWindows> _windows = [];
    private readonly ConditionalWeakTable<IReadOnlyList<Evidence>, EvidenceFacts> _facts = [];

    /// <summary>Creates the verifier.</summary>
    /// <param name="model">The model; it is not disposed.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EntailmentVerifier(IEntailmentModel model, EntailmentVerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _options = (options ?? new EntailmentVerifierOptions()).Validated();
    }

    /// <inheritdoc/>
    public string Name => "entailment";

    /// <inheritdoc/>
    public string Fingerprint => _options.Fingerprint;

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.LocalModel;

    /// <inheritdoc/>
    public string? CacheKey => _model.Fingerprint is { } model ? $"{model}/{_options.CacheKey}" : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var evidence = _windows.GetValue(context.Evidence, static e => new EvidenceWindows(e));
        if (evidence.IsEmpty)
        {
            return new VerifierFinding?[context.Claims.Count];
        }

        var facts = _facts.GetValue(context.Evidence, static e => new EvidenceFacts(e));
        WindowJudgement?[] claims = [.. context.Claims.Select(c => c.Text.Length > _options.MaxClaimLength
            ? null
            : new WindowJudgement(c.Text, evidence.For(c.Text, _options.WindowWords, _options.MaxWindows), facts.MissingOf(c.Text), _options))];

        // The best window of each claim first, then the next of those that it does not settle.
        while (claims.Where(c => c is { Next: not null }).ToArray() is { Length: > 0 } open)
        {
            EntailmentPair[] pairs = [.. open.Select(c => new EntailmentPair(c!.Next!.Value.Text, c.Claim))];
            var scores = await _model.ClassifyAsync(pairs, cancellationToken);
            if (scores.Count != pairs.Length)
            {
                throw new InvalidOperationException($"The entailment model gave {scores.Count} scores for {pairs.Length} pairs.");
            }

            for (var i = 0; i < open.Length; i++)
            {
                open[i]!.Add(scores[i]);
            }
        }

        return [.. claims.Select(c => c?.ToFinding(Name) ?? new VerifierFinding(Name, Verdict.Unverifiable) { Explanation = "The claim is too long for the model." })];
    }
}
